"""The secrets of a stage: encrypted in its file by Pulumi, or the local stage's own file.

A value comes from the terminal or from standard input. It goes to Pulumi by standard input, so the
list of processes does not show it.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from infra.contract.environment import check_secret, check_secret_name, secret_variables
from infra.errors import SecretError
from infra.paths import ROOT
from infra.settings.files import (
    LOCAL,
    LOCAL_SECRETS,
    PREVIEW_FILE,
    SECRETS,
    is_preview,
    read_local_secrets,
    short_name,
    stage_config,
)
from portfolio.engine.pulumi_cli import run_pulumi

if TYPE_CHECKING:
    from portfolio.terminal import Terminal


def read_value(name: str, terminal: "Terminal", *, from_stdin: bool) -> str:
    """Return a new value, from standard input or from the terminal without an echo.

    Raises:
        SecretError: if standard input is empty, or is not a terminal.
    """
    if not from_stdin and not sys.stdin.isatty():
        raise SecretError(
            "Cannot ask for the value, because standard input is not a terminal: use --stdin."
        )
    if not from_stdin:
        return terminal.ask_password(f"Value of {name}", confirm=False, kind="value")
    value = sys.stdin.read().rstrip("\r\n")
    if not value:
        raise SecretError("Standard input is empty: write the value there.")
    return value


def set_secret(
    name: str,
    stack: str,
    read: Callable[[], str],
    terminal: "Terminal",
    *,
    folder: Path = ROOT,
) -> None:
    """Keep a secret of a stage; the next deployment gives it to the function.

    Args:
        name: the variable of the function.
        stack: the stage's stack, or `local`.
        read: returns the value, after the checks of name and stage.
        terminal: prints the next step.
        folder: the checkout with the local stage's secrets.

    Raises:
        PortfolioError: if the name or the value does not fit the backend, or it cannot be kept.
    """
    check_secret_name(name)
    _refuse_preview(name, stack)
    value = read()
    check_secret(name, value)
    if stack == LOCAL:
        _write_local(read_local_secrets(folder) | {name: value}, folder)
        terminal.say(f"Set {name} in {LOCAL_SECRETS}. A running make up uses it now.")
        return
    run_pulumi("config", "set", "--secret", f"{SECRETS}:{name}", "--stack", stack, typed=value)
    terminal.say(
        f"Set {name}, encrypted in Pulumi.{short_name(stack)}.yaml. Commit the file, and deploy "
        f"with pulumi up -s {stack}."
    )


def remove_secret(name: str, stack: str, terminal: "Terminal", folder: Path = ROOT) -> None:
    """Remove a secret from a stage; the next deployment takes it from the function.

    Raises:
        PortfolioError: if the stage does not have it, or it cannot be removed.
    """
    own = read_local_secrets(folder)
    if name not in (own if stack == LOCAL else _names(stack, folder)):
        raise SecretError(
            f"{stack} has no secret {name} to remove: see portfolio secret list --stack {stack}."
        )
    if stack == LOCAL:
        _write_local({key: value for key, value in own.items() if key != name}, folder)
        terminal.say(f"Removed {name} from {LOCAL_SECRETS}. A running make up drops it now.")
        return
    _refuse_preview(name, stack)
    run_pulumi("config", "rm", f"{SECRETS}:{name}", "--stack", stack)
    terminal.say(f"Removed {name}. Commit the stage's file, and deploy with pulumi up -s {stack}.")


def list_secrets(stack: str, terminal: "Terminal", folder: Path = ROOT) -> None:
    """Print the names of a stage's secrets, and those that it lacks.

    Raises:
        SettingsError: if the stage's file is missing or cannot be read.
    """
    known, present = secret_variables(), _names(stack, folder)
    for name in sorted({*known, *present}):
        terminal.say(f"{name}  {_state(name, stack, known, present)}")
    if not (known or present):
        terminal.step("Settings in backend/src/config.py has only the session key as a secret.")


def _state(name: str, stack: str, known: Mapping[str, bool], present: set[str]) -> str:
    if name not in known:
        return f"not a secret of Settings: portfolio secret remove {name} --stack {stack}"
    if name in present:
        return "set"
    return "missing" if known[name] else "not set, optional"


def _names(stack: str, folder: Path) -> set[str]:
    prefix = f"{SECRETS}:"
    config = stage_config(short_name(stack), folder)
    return {key.removeprefix(prefix) for key in config if key.startswith(prefix)}


def _refuse_preview(name: str, stack: str) -> None:
    if is_preview(short_name(stack)):
        raise SecretError(
            f"All previews share {PREVIEW_FILE}, and each stack encrypts with its own key: write a "
            f"value there that may be read by all, such as {SECRETS}:{name}: placeholder."
        )


def _write_local(secrets: Mapping[str, str], folder: Path) -> None:
    """Replace the local stage's secrets; only their owner may read the file."""
    path = folder / LOCAL_SECRETS
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f"{os.getpid()}.json")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(secrets, indent=2), encoding="utf-8")
    unfinished.replace(path)
