"""Outputs that the stand-in does not give: each is marked, and whoever reads one is refused.

Pulumi would hand a missing output to the program as None, without a word.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast, get_args, get_origin, get_type_hints

import pulumi_aws as aws
import pulumi_random as random
from pulumi import Output
from pulumi.runtime.rpc import UNKNOWN, get_resource_module

from tests.real.engine.stand_in.resource_type import Properties

SDKS: Final = (aws, random)
"""They say which outputs there are."""

_MARK: Final = re.compile(r"⟦(.+?)⟧")

type _Fill = Callable[[str, Any], Any]
"""Makes what stands for an output, from the output's place and type."""


def mark_missing(token: str, state: Properties) -> Properties:
    """A resource's state, with a mark for every output that AWS would give and it lacks."""
    return _filled(state, _resource_class(token), token, _mark, nested=False)


def leave_unknown(token: str, state: Properties) -> Properties:
    """A resource's state in a preview, in which nobody knows yet what it lacks."""
    return _filled(state, _resource_class(token), token, _leave_unknown, nested=False)


def mark_missing_results(token: str, results: Properties) -> Properties:
    """A function's results, with a mark for each that AWS would give and they lack."""
    package, module, name = token.split(":")
    folder = module.partition("/")[0]
    sdk = importlib.import_module(f"pulumi_{package}" + f".{folder}" * (folder != "index"))
    sdk_class = getattr(sdk, f"{name[:1].upper()}{name[1:]}Result")
    return _filled(results, sdk_class, token, _mark_typed, nested=False)


def find_marks(value: Any) -> list[str]:
    """The missing outputs that have found their way into a value."""
    return list(dict.fromkeys(_MARK.findall(str(value))))


def _mark(where: str, _declared: Any) -> str:
    return f"⟦{where}⟧"


def _mark_typed(where: str, declared: Any) -> str | list[str] | None:
    """A mark where the SDK takes one: it checks a function's results, and takes no number."""
    mark = _mark(where, declared)
    return mark if declared is str else [mark] if get_origin(declared) is Sequence else None


def _leave_unknown(_where: str, _declared: Any) -> str:
    return UNKNOWN


@dataclass(frozen=True)
class _Declared:
    """An output, as the SDK declares it."""

    name: str
    type: Any
    optional: bool


def _filled(
    state: Properties, sdk_class: type | None, owner: str, fill: _Fill, *, nested: bool
) -> Properties:
    filled = dict(state)
    for output in _declared(sdk_class) if sdk_class else ():
        where = f"{owner} {output.name}"
        if filled.get(output.name) is not None:
            filled[output.name] = _filled_within(filled[output.name], output.type, where, fill)
        # Within an output, the SDK calls all optional that the program need not set.
        elif nested or not output.optional:
            filled[output.name] = fill(where, output.type)
    return filled


def _filled_within(value: Any, declared: Any, where: str, fill: _Fill) -> Any:
    if isinstance(value, list) and get_args(declared):
        item_type = get_args(declared)[0]
        items = cast("list[Any]", value)
        return [_filled_within(item, item_type, where, fill) for item in items]
    if isinstance(value, dict) and isinstance(declared, type):
        return _filled(cast("Properties", value), declared, where, fill, nested=True)
    return cast("Any", value)


def _resource_class(token: str) -> type | None:
    package, module, _ = token.split(":")
    found: Any = get_resource_module(package, module, "")
    if found is None or token not in found.mod_info["classes"]:
        return None
    return getattr(importlib.import_module(found.mod_info["fqn"]), found.mod_info["classes"][token])


@cache
def _declared(sdk_class: type) -> tuple[_Declared, ...]:
    return tuple(_read_declared(sdk_class))


def _read_declared(sdk_class: type) -> Iterator[_Declared]:
    for attribute in vars(sdk_class).values():
        # Pulumi's decorator `getter` notes an output's name.
        name = getattr(getattr(attribute, "fget", None), "_pulumi_name", None)
        if name is None:
            continue
        hint = get_type_hints(attribute.fget)["return"]
        if get_origin(hint) is Output:
            (hint,) = get_args(hint)
        types = [each for each in get_args(hint) if each is not type(None)]
        optional = type(None) in get_args(hint)
        yield _Declared(name, types[0] if optional else hint, optional)
