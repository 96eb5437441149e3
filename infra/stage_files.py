"""`Pulumi.yaml` and `Pulumi.<stage>.yaml`, read as the engine reads them."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

from infra.errors import SettingsError
from infra.paths import ROOT

PROJECT: Final = "portfolio-api"
"""The project's name, which is also the namespace of its configuration."""


def stages(folder: Path = ROOT) -> list[str]:
    """The stages that have a file, in alphabetical order."""
    return sorted(path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml"))


def stage_config(stage: str, folder: Path = ROOT) -> dict[str, str]:
    """A stage's configuration with the project's defaults, as the engine hands it to a program.

    Keys carry their namespace; a value that is not a string is JSON.

    Raises:
        SettingsError: if the stage has no file, or the file cannot be read.
    """
    path = folder / f"Pulumi.{stage}.yaml"
    if not path.is_file():
        known = ", ".join(stages(folder))
        raise SettingsError(f"There is no stage {stage}: {path.name} does not exist (try {known}).")
    declared = _config(folder / "Pulumi.yaml")
    defaults = {
        f"{PROJECT}:{key}": declaration["default"]
        for key, declaration in declared.items()
        if "default" in declaration
    }
    own = _config(path)
    if bare := [key for key in own if ":" not in key]:
        raise SettingsError(f"{path.name}: {bare[0]} has no namespace: write {PROJECT}:{bare[0]}.")
    return {key: _encode(value) for key, value in {**defaults, **own}.items()}


def _config(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] | None = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    return (content or {}).get("config") or {}


def _encode(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
