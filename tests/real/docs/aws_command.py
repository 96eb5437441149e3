"""The AWS CLI in the commands of a page, on the emulator: options, shorthand, queries and waiters.

A program of its own, called as `aws`. Options come from botocore's models.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import botocore.session
import jmespath
from botocore import xform_name

type _Words = dict[str, list[str]]

_NOT_EMULATED: Final = "lambda"
"""A service without the old function: its commands are only printed."""


def main(service: str, name: str, *rest: str) -> None:
    if service == _NOT_EMULATED:
        sys.stdout.write(" ".join(["aws", service, name, *rest, "\n"]))
        return
    client: Any = botocore.session.get_session().create_client(service)
    if name == "wait":
        waiter = rest[0]
        arguments = _arguments(client, waiter, _words(rest[1:]))
        client.get_waiter(waiter.replace("-", "_")).wait(**arguments)
        return
    words = _words(rest)
    query, _ = words.pop("query", ["@"]), words.pop("output", [])
    if (service, name) == ("apigateway", "update-domain-name"):
        answer = _change_endpoints(**_arguments(client, name, words))
    else:
        answer = getattr(client, name.replace("-", "_"))(**_arguments(client, name, words))
    answer.pop("ResponseMetadata")
    _print(jmespath.search(query[0], answer), as_text="--output" in rest)


def _words(rest: Sequence[str]) -> _Words:
    """Return the words after each option."""
    found: _Words = {}
    for word in rest:
        if word.startswith("--"):
            found[word.removeprefix("--")] = []
        else:
            next(reversed(found.values())).append(word)
    return found


def _arguments(client: Any, name: str, words: _Words) -> dict[str, Any]:
    operations = {xform_name(each, "-"): each for each in client.meta.service_model.operation_names}
    # The operation of a waiter takes the same names.
    operation = operations.get(name) or _operation_of_waiter(client, name)
    members = client.meta.service_model.operation_model(operation).input_shape.members
    shapes = {xform_name(each, "-"): (each, shape) for each, shape in members.items()}
    return {shapes[key][0]: _value(shapes[key][1], each) for key, each in words.items()}


def _operation_of_waiter(client: Any, name: str) -> str:
    models = botocore.session.get_session().get_waiter_model(client.meta.service_model.service_name)
    return next(
        models.get_waiter(each).operation
        for each in models.waiter_names
        if xform_name(each, "-") == name
    )


def _value(shape: Any, words: list[str]) -> Any:
    if not words:
        return True
    if words[0].startswith("file://"):
        return json.loads(Path(words[0].removeprefix("file://")).read_text())
    match shape.type_name:
        case "structure":
            return _structure(shape, words[0])
        case "list":
            return [_structure(shape.member, word) for word in words]
        case kind:
            return int(words[0]) if kind == "integer" else words[0]


def _structure(shape: Any, text: str) -> dict[str, Any]:
    """Read shorthand: `Enabled=false,AttributeName=ttl`."""
    pairs = dict(re.findall(r"(\w+)=([^,]*)", text))
    return {
        key: value == "true" if shape.members[key].type_name == "boolean" else value
        for key, value in pairs.items()
    }


def _change_endpoints(domainName: str, patchOperations: list[dict[str, str]]) -> Any:  # noqa: N803
    """Apply a change that the emulator lacks: a domain with both endpoints is still the edge's."""
    session = botocore.session.get_session()
    rest: Any = session.create_client("apigateway")
    described = rest.get_domain_name(domainName=domainName)
    if {"op": "remove", "path": "/endpointConfiguration/types", "value": "EDGE"} in patchOperations:
        regional = {"EndpointType": "REGIONAL", "CertificateArn": described["certificateArn"]}
        gateway: Any = session.create_client("apigatewayv2")
        gateway.update_domain_name(DomainName=domainName, DomainNameConfigurations=[regional])
    return rest.get_domain_name(domainName=domainName)


def _print(value: Any, *, as_text: bool) -> None:
    text = "\n".join(_lines(value)) if as_text else json.dumps(value, indent=2, default=str)
    sys.stdout.write(f"{text}\n")


def _lines(value: Any) -> Iterator[str]:
    match value:
        case [*rows] if any(isinstance(row, list) for row in rows):
            for row in rows:
                yield from _lines(row)
        case [*cells]:
            yield "\t".join("None" if cell is None else str(cell) for cell in cells)
        case dict():
            yield json.dumps(value, default=str)
        case _:
            yield str(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
