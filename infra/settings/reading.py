"""A stage's settings, from Pulumi's configuration or from the stage's file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from infra.errors import SettingsError
from infra.paths import ROOT
from infra.settings.files import PROJECT, is_preview, stage_config
from infra.settings.model import StageSettings
from infra.settings.nearest import nearest
from infra.settings.problems import KEYS, describe

_ALIKE = 0.75
"""How much of a namespace must be ours to be taken for a slip: `portfolio` is, `aws` is not."""

_ENCRYPTED: Final = '{"secure":"'
"""Begins a value, or a part of one, that the engine has encrypted."""


def load_settings() -> StageSettings:
    """The settings of the stack that the program runs for.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    import pulumi  # noqa: PLC0415 - slow to import
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    return parse_settings({**get_config_env(), **CONFIG.get()}, pulumi.get_stack())


def load_stage_settings(stack: str, folder: Path = ROOT) -> StageSettings:
    """The settings of a stack as its stage's file has them.

    Args:
        stack: the stack's own name, such as dev or pr-12.
        folder: the checkout with `Pulumi.yaml` and the stages' files.

    Raises:
        SettingsError: if there is no such file, or with all that is wrong in it.
    """
    return parse_settings(stage_config(stack, folder), stack)


def parse_settings(config: Mapping[str, str], stack: str | None = None) -> StageSettings:
    """Read a stage's settings from Pulumi's flat configuration; other namespaces are left alone.

    Args:
        config: with namespaces in its keys.
        stack: whose settings they are; by default what a stack's name decides is not checked,
            and a preview has no environment.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    prefix = f"{PROJECT}:"
    values = {
        key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)
    }
    if "aws:profile" in config:
        values["aws:profile"] = config["aws:profile"]
    secrets = _shared_secrets(config, stack)
    problems = [*_slips(config), *secrets.values()]
    try:
        settings = StageSettings.model_validate(values, context={"stack": stack})
    except ValidationError as error:
        found = error.errors(include_url=False)
        # One line does for what is a secret: no setting could be one.
        problems += [describe(each) for each in found if each["loc"][0] not in secrets]
    else:
        if not problems:
            return settings
    whose = f"of stack {stack}" if stack else "of the stage"
    raise SettingsError(f"The settings {whose} are wrong:\n  " + "\n  ".join(problems)) from None


def _slips(config: Mapping[str, str]) -> Iterator[str]:
    """The keys in a namespace that looks like ours and is not."""
    for name in config:
        namespace, _, key = name.rpartition(":")
        if namespace != PROJECT and nearest(namespace, [PROJECT], cutoff=_ALIKE):
            meant = nearest(key, KEYS)
            hint = (
                f": did you mean {PROJECT}:{meant}?" if meant else f": they begin with {PROJECT}:"
            )
            yield f"{name} is not a setting{hint}"
    region = config.get(f"{PROJECT}:region")
    if config.get("aws:region", region) != region:
        yield f"aws:region = {config['aws:region']} is not read: set {PROJECT}:region"


def _shared_secrets(config: Mapping[str, str], stack: str | None) -> dict[str, str]:
    """What is wrong with each secret in the file of all previews, by its key."""
    if stack is None or not is_preview(stack):
        return {}
    return {
        (key := name.removeprefix(f"{PROJECT}:")): (
            f"{key} is a secret: all previews share their settings, and each stack has a key of "
            "its own, with which no other can read it"
        )
        for name, value in config.items()
        if _ENCRYPTED in value
    }
