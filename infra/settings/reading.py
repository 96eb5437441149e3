"""The reader of a stage's settings, from Pulumi's configuration or from the stage's file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from infra.errors import SettingsError
from infra.paths import PROJECT, ROOT
from infra.settings.files import ENCRYPTED, LOCAL, PREVIEW_FILE, SECRETS, is_preview, stage_config
from infra.settings.model import StageSettings
from infra.settings.nearest import nearest
from infra.settings.problems import KEYS, REQUIRED, describe

_ALIKE = 0.75
"""Minimum similarity of a namespace to count as a typo: `portfolio` does, `aws` does not."""

_EMPTY: Final = "[]"
"""`Pulumi.yaml`'s default of a required list: the engine itself would refuse a missing one."""


def load_settings() -> StageSettings:
    """Return the settings of Pulumi's current stack.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each; or if the stack of
            a preview does not read the previews' file.
    """
    import pulumi  # noqa: PLC0415 - slow to import
    from pulumi.runtime.config import CONFIG, get_config_env  # noqa: PLC0415

    config, stack = {**get_config_env(), **CONFIG.get()}, pulumi.get_stack()
    if is_preview(stack) and all(config[f"{PROJECT}:{key}"] == _EMPTY for key in REQUIRED):
        raise SettingsError(
            f"Stack {stack} has no settings: all previews share {PREVIEW_FILE}.\n"
            f"Deploy it with `bin/portfolio preview up {stack.removeprefix('pr-')}`, or add "
            f"`--config-file {PREVIEW_FILE}` to the command of Pulumi."
        )
    return parse_settings(config, stack)


def load_stage_settings(stack: str, folder: Path = ROOT) -> StageSettings:
    """Return the settings of a stack from its stage's file.

    Args:
        stack: the stack's own name, such as dev or pr-12.
        folder: the checkout with `Pulumi.yaml` and the stages' files.

    Raises:
        SettingsError: if the file is missing, or with a line for each problem in it.
    """
    config = stage_config(stack, folder)
    if stack != LOCAL and not is_preview(stack):
        _refuse_plain_secrets(config, stack)
    return parse_settings(config, stack)


def parse_settings(config: Mapping[str, str], stack: str | None = None) -> StageSettings:
    """Read a stage's settings from Pulumi's flat configuration; ignore other namespaces.

    Args:
        config: the configuration, with namespaces in its keys.
        stack: the stack's name. Without it, rules about the name are not checked, and a preview
            has no environment.

    Raises:
        SettingsError: with every unknown key and every bad value, a line each.
    """
    prefix = f"{PROJECT}:"
    values: dict[str, str | tuple[str, ...]] = {
        key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)
    }
    values = {key: each for key, each in values.items() if not (key in REQUIRED and each == _EMPTY)}
    if "aws:profile" in config:
        values["aws:profile"] = config["aws:profile"]
    values["secret:"] = tuple(key for _, key in _split(config, SECRETS))
    secrets = _shared_secrets(config, stack)
    problems = [*_slips(config), *secrets.values()]
    try:
        settings = StageSettings.model_validate(values, context={"stack": stack})
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A secret gets one line: no setting may be a secret here.
        problems += [describe(each) for each in found if each["loc"][0] not in secrets]
    else:
        if not problems:
            return settings
    whose = f"of stack {stack}" if stack else "of the stage"
    raise SettingsError(f"The settings {whose} are wrong:\n  " + "\n  ".join(problems)) from None


def _slips(config: Mapping[str, str]) -> Iterator[str]:
    """Yield a message for each key in a namespace similar to ours."""
    for name in config:
        namespace, _, key = name.rpartition(":")
        if namespace != SECRETS and nearest(namespace, [SECRETS], cutoff=_ALIKE):
            yield f"{name} is not a setting: did you mean {SECRETS}:{key}?"
        if namespace != PROJECT and nearest(namespace, [PROJECT], cutoff=_ALIKE):
            meant = nearest(key, KEYS)
            hint = (
                f": did you mean {PROJECT}:{meant}?"
                if meant
                else f": settings begin with {PROJECT}:"
            )
            yield f"{name} is not a setting{hint}"
    region = config.get(f"{PROJECT}:region")
    if config.get("aws:region", region) != region:
        yield f"aws:region = {config['aws:region']} is not read: set {PROJECT}:region"


def _split(config: Mapping[str, str], namespace: str) -> Iterator[tuple[str, str]]:
    """Yield each full key of a namespace with its own name, in alphabetical order."""
    prefix = f"{namespace}:"
    for key in sorted(config):
        if key.startswith(prefix):
            yield key, key.removeprefix(prefix)


def _refuse_plain_secrets(config: Mapping[str, str], stack: str) -> None:
    plain = [name for key, name in _split(config, SECRETS) if not config[key].startswith(ENCRYPTED)]
    if plain:
        raise SettingsError(
            f"The secret {plain[0]} of stack {stack} is not encrypted in its file: change it where "
            f"it is used, then run portfolio secret set {plain[0]} --stack {stack}."
        )


def _shared_secrets(config: Mapping[str, str], stack: str | None) -> dict[str, str]:
    """Return a message for each secret in the previews' file, by key."""
    if stack is None or not is_preview(stack):
        return {}
    return {
        (key := name.removeprefix(f"{PROJECT}:")): (
            f"{key} is a secret, but all previews share this file, and each stack encrypts with "
            "its own key: remove it"
        )
        for name, value in config.items()
        if ENCRYPTED in value
    }
