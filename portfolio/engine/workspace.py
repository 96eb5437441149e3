"""Stacks driven from this process: Pulumi's Automation API, with the program inline.

It needs the `pulumi` engine on PATH, and no language host, since the program runs here.
"""

import json
import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pulumi import automation
from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT
from infra.settings.files import parse_file, stage_of

_OF_THE_CHECKOUT: Final = ("main", "runtime")
"""Keys of `Pulumi.yaml` that say how the command line finds the program."""


_OUTPUT: Final = re.compile(r"\n code: (-?\d+)\n stdout: (.*)\n stderr: (.*)", re.DOTALL)
"""How the Automation API words the failure of a command, which is all that it hands over."""

_NO_BACKEND: Final = "PULUMI_ACCESS_TOKEN must be set"
"""The engine takes Pulumi's own service where it is told of no other place for its state."""


@contextmanager
def open_workspace(stack: str) -> Generator[automation.LocalWorkspace]:
    """A folder in which a stack's settings are those of its stage's file, which others may share.

    What the engine notes beside the settings (how secrets are encrypted) goes with the folder;
    the stack's state holds it too.

    Args:
        stack: its name; `stage_of` tells whose file it takes.

    Raises:
        ToolMissingError: if `pulumi` is not on PATH.
        SettingsError: if the stage's file cannot be read.
        StackError: if the engine refuses to do what is asked inside the block.
    """
    if shutil.which("pulumi") is None:
        raise ToolMissingError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install), "
            "then try again."
        )
    file = ROOT / f"Pulumi.{stage_of(stack)}.yaml"
    settings = parse_file(file)
    with TemporaryDirectory(prefix="portfolio-stack-") as folder, engine_errors(stack):
        (Path(folder) / "Pulumi.yaml").write_text(_project(), encoding="utf-8")
        # As it is: the engine does not read all that we would write as we mean it.
        shutil.copyfile(file, Path(folder) / f"Pulumi.{stack}.yaml")
        yield automation.LocalWorkspace(
            work_dir=folder, secrets_provider=settings.get("secretsprovider")
        )


@contextmanager
def engine_errors(stack: str, advice: str = "") -> Generator[None]:
    """Tell why the engine does not do what is asked inside the block.

    Args:
        stack: its name.
        advice: what to do then, told after the engine's own reason.

    Raises:
        StackError: if it does not.
    """
    try:
        yield
    except ConcurrentUpdateError:
        raise StackError(
            f"{stack} is locked: another run is changing it, or was killed while it did. "
            f"If it was killed, unlock it with `pulumi cancel --yes --stack {stack}`, "
            "then try again."
        ) from None
    except CommandError as error:
        if _NO_BACKEND in str(error):
            raise StackError(
                "The engine is not told where the stacks' state is: "
                "set PULUMI_BACKEND_URL (docs/bootstrap.md)."
            ) from None
        reason = f"{stack}: {_summarise(str(error))}"
        raise StackError("\n".join(filter(None, (reason, advice)))) from None


def _project() -> str:
    """`Pulumi.yaml` for a program that runs here, in JSON, of which every YAML reads the same."""
    project = parse_file(ROOT / "Pulumi.yaml")
    kept = {key: value for key, value in project.items() if key not in _OF_THE_CHECKOUT}
    return json.dumps(kept | {"runtime": "python"}, ensure_ascii=False)


def _summarise(failure: str) -> str:
    """The engine's own errors, without its progress and the program's log."""
    code, *streams = parts.groups() if (parts := _OUTPUT.fullmatch(failure)) else ("", failure)
    lines = [line.strip() for stream in streams for line in stream.splitlines()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    last = next(filter(None, reversed(lines)), "it does not say why")
    return "\n  ".join(dict.fromkeys(errors)) or f"the engine ended with code {code}: {last}"
