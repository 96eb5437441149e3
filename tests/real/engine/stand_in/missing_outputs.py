"""Outputs unknown to the stand-in: each is marked, and its use is refused.

Pulumi would silently give the program None for a missing output.
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
"""The SDKs with the declarations of all outputs."""

_MARK: Final = re.compile(r"⟦(.+?)⟧")

type _Fill = Callable[[str, Any], Any]
"""Returns a placeholder for an output, from its place and type."""


def mark_missing(token: str, state: Properties) -> Properties:
    """Return a resource's state with a mark for each missing output."""
    return _filled(state, _resource_class(token), token, _mark, nested=False)


def leave_unknown(token: str, state: Properties) -> Properties:
    """Return a resource's state in a preview: each missing output is unknown."""
    return _filled(state, _resource_class(token), token, _leave_unknown, nested=False)


def mark_missing_results(token: str, results: Properties) -> Properties:
    """Return a function's results with a mark for each missing one."""
    package, module, name = token.split(":")
    folder = module.partition("/")[0]
    sdk = importlib.import_module(f"pulumi_{package}" + f".{folder}" * (folder != "index"))
    sdk_class = getattr(sdk, f"{name[:1].upper()}{name[1:]}Result")
    return _filled(results, sdk_class, token, _mark_typed, nested=False)


def find_marks(value: Any) -> list[str]:
    """Return the marks of missing outputs in a value."""
    return list(dict.fromkeys(_MARK.findall(str(value))))


def _mark(where: str, _declared: Any) -> str:
    return f"⟦{where}⟧"


def _mark_typed(where: str, declared: Any) -> str | list[str] | None:
    """Return a mark of the declared type: the SDK checks it, and a number cannot be marked."""
    mark = _mark(where, declared)
    return mark if declared is str else [mark] if get_origin(declared) is Sequence else None


def _leave_unknown(_where: str, _declared: Any) -> str:
    return UNKNOWN


@dataclass(frozen=True)
class _Declared:
    """The SDK's declaration of an output."""

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
        # In nested types, "optional" means optional as an input, not as an output.
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
        # Pulumi's decorator `getter` stores an output's name.
        name = getattr(getattr(attribute, "fget", None), "_pulumi_name", None)
        if name is None:
            continue
        hint = get_type_hints(attribute.fget)["return"]
        if get_origin(hint) is Output:
            (hint,) = get_args(hint)
        types = [each for each in get_args(hint) if each is not type(None)]
        optional = type(None) in get_args(hint)
        yield _Declared(name, types[0] if optional else hint, optional)
