"""The main facts of a part, from the inputs of its resources."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from portfolio.engine.recording import Registered


_FACTS: Final[dict[str, dict[str, str]]] = {
    "aws:apigatewayv2/domainName:DomainName": {"domainName": "{}"},
    "aws:lambda/function:Function": {
        "runtime": "{}",
        "memorySize": "{} MB",
        "timeout": "{} s",
    },
}
"""The inputs to show for a type, each with its unit."""

_AWS_PROVIDER: Final = "pulumi:providers:aws"


def list_facts(resource: "Registered") -> Iterator[str]:
    """Yield a resource's main facts, such as `Python 3.12` and `512 MB`, without unknown ones."""
    for name, form in _FACTS.get(resource.type, {}).items():
        value = resource.inputs.get(name)
        if isinstance(value, str):
            yield form.format(_spell_runtime(value) if name == "runtime" else value)
        elif isinstance(value, int | float):
            yield form.format(f"{value:g}")


def browser_facts(resources: "Iterable[Registered]") -> tuple[str, ...]:
    """Return the hosts in the CORS rules: their pages may call the API."""
    rules = (each.inputs.get("corsConfiguration") for each in resources)
    known = (cast("dict[str, Any]", each) for each in rules if isinstance(each, dict))
    origins: list[str] = [origin for each in known for origin in each.get("allowOrigins", [])]
    return tuple(dict.fromkeys(origin.partition("://")[2] or origin for origin in origins))


def find_region(resources: "Iterable[Registered]") -> list[str]:
    """Return the regions of the AWS providers."""
    regions = (each.inputs.get("region") for each in resources if each.type == _AWS_PROVIDER)
    return sorted({each for each in regions if isinstance(each, str)})


def _spell_runtime(runtime: str) -> str:
    """Return a Lambda runtime as a name and a version: `Python 3.12`."""
    return re.sub(r"(?<=[a-z])(?=\d)", " ", runtime.capitalize(), count=1)
