"""A reader of `Pulumi.yaml` and `Pulumi.<stage>.yaml`, with the engine's rules."""

import json
import math
import re
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast, override

import yaml
from pydantic import TypeAdapter, ValidationError

from infra.errors import SettingsError
from infra.paths import PROJECT, ROOT
from infra.settings import scalars

LOCAL: Final = "local"
"""The stage of `make up`; its file is `Pulumi.local.yaml`."""

PREVIEW: Final = "preview"
"""The stage of all previews; they share one file, and their stacks are `pr-<number>`."""

PREVIEW_FILE: Final = f"Pulumi.{PREVIEW}.yaml"
"""The settings of all previews."""

SECRETS: Final = "secret"
"""The namespace of secrets in a stage's configuration: `secret:NAME` is a variable's value."""

ENCRYPTED: Final = '{"secure":"'
"""The start of an encrypted value; it may be a part of a setting."""

LOCAL_SECRETS: Final = Path(".secrets") / "local.json"
"""The local stage's own secrets, in the checkout and in no commit."""

_TAG: Final = "tag:yaml.org,2002:"
"""The start of YAML's own tags."""

_UNLIKE: Final = "it must have keys and values below config"


def is_preview(stack: str) -> bool:
    """Return True if a stack is a pull request's preview: `pr-` and the number."""
    return re.fullmatch(r"pr-[1-9]\d{0,9}", stack) is not None


def stages(folder: Path = ROOT) -> list[str]:
    """Return the stages with a file, in alphabetical order; a preview has no file of its own."""
    named = (path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml"))
    return sorted(name for name in named if not is_preview(name))


def short_name(stack: str) -> str:
    """Return a stack's own name, without organization and project; some backends add them."""
    return stack.rpartition("/")[2]


def stage_of(stack: str) -> str:
    """Return the stage of a stack's settings file."""
    return PREVIEW if is_preview(stack) else stack


def stack_of(stage: str) -> str:
    """Return a stack of a stage; for previews, a placeholder."""
    return "pr-1" if stage == PREVIEW else stage


def stage_config(stack: str, folder: Path = ROOT) -> dict[str, str]:
    """Return a stack's configuration with the project's defaults, in the engine's format.

    Keys have their namespace. Values are strings; other types are encoded as JSON. The local
    stage's own secrets replace those in its file.

    Raises:
        SettingsError: if the stage has no file, or a file cannot be read.
    """
    path = folder / f"Pulumi.{stage_of(stack)}.yaml"
    if not path.is_file():
        known = ", ".join("pr-<number>" if each == PREVIEW else each for each in stages(folder))
        raise SettingsError(f"Unknown stage {stack}: {path.name} does not exist (try {known}).")
    declared = _config(folder / "Pulumi.yaml")
    defaults = {
        key: declaration["default"]
        for key, declaration in declared.items()
        if "default" in declaration
    }
    own = read_local_secrets(folder) if stack == LOCAL else {}
    secrets = {f"{SECRETS}:{name}": value for name, value in own.items()}
    values = {**defaults, **_config(path), **secrets}
    return {key: _encode(value) for key, value in values.items()}


def read_local_secrets(folder: Path = ROOT) -> dict[str, str]:
    """Return the local stage's own secrets, by the name of their variable.

    Raises:
        SettingsError: if their file cannot be read.
    """
    path = folder / LOCAL_SECRETS
    try:
        return TypeAdapter(dict[str, str]).validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError):
        # The reason could show a value.
        raise SettingsError(
            f"{path} cannot be read: delete it, and set the secrets again "
            "(portfolio secret set NAME --stack local)"
        ) from None


def parse_file(path: Path) -> dict[str, Any]:
    """Return the complete content of `Pulumi.yaml` or a stage's file.

    Raises:
        SettingsError: with the reason and the line, if the file is not YAML or cannot be read.
    """
    try:
        content = deepcopy(_parse(path.read_bytes()))
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        reason = f"{line}{error.problem}"
    except yaml.YAMLError:
        # The parser's own message is about bytes and positions.
        reason = "it must be plain text in UTF-8"
    except OSError as error:
        reason = str(error.strerror)
    except TypeError:
        reason = _UNLIKE
    else:
        if isinstance(content, dict | None):
            return cast("dict[str, Any]", content or {})
        reason = _UNLIKE
    raise SettingsError(f"{path} cannot be read: {reason}")


@lru_cache
def _parse(content: bytes) -> object:
    """Return the content of a file; the parser takes 7 ms, and all stages share `Pulumi.yaml`."""
    return yaml.load(content, _EngineLoader)  # noqa: S506 - a SafeLoader


class _EngineLoader(yaml.SafeLoader):
    """YAML with the rules of the engine's parser: its types, and no key twice."""

    @override
    def resolve(
        self, kind: type[yaml.Node], value: str | None, implicit: tuple[bool, bool] | bool
    ) -> str:
        is_plain = isinstance(implicit, tuple) and implicit[0]
        if kind is not yaml.ScalarNode or value is None or not is_plain:
            return cast("str", super().resolve(kind, value, implicit))
        return f"{_TAG}{'merge' if value == '<<' else scalars.kind_of(value)}"

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        known: set[object] = set()
        for key, _ in node.value:
            if key.value in known:
                raise yaml.MarkedYAMLError(None, None, f"{key.value} is set twice", key.start_mark)
            known.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _construct_scalar(_loader: yaml.SafeLoader, node: yaml.ScalarNode) -> scalars.Scalar:
    value, kind = scalars.read(node.value), scalars.kind_of(node.value)
    meant = node.tag.removeprefix(_TAG)
    if kind != meant and (kind, meant) != ("int", "float"):
        reason = f"{node.value} is not a {meant}"
    elif isinstance(value, float) and not math.isfinite(value):
        reason = f"{node.value} is not a finite number"
    else:
        return value
    raise yaml.MarkedYAMLError(None, None, reason, node.start_mark)


for _kind in ("null", "bool", "int", "float", "timestamp"):
    _EngineLoader.add_constructor(f"{_TAG}{_kind}", _construct_scalar)


def _config(path: Path) -> dict[str, Any]:
    """Return the configuration of a file; keys without a namespace are the project's own."""
    content = parse_file(path)
    try:
        config: dict[str, Any] = content.get("config") or {}
        return {key if ":" in key else f"{PROJECT}:{key}": value for key, value in config.items()}
    except (AttributeError, TypeError):
        raise SettingsError(f"{path} cannot be read: {_UNLIKE}") from None


def _encode(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
