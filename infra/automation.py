"""Stacks driven from this process: Pulumi's Automation API, with the program inline.

It needs the `pulumi` engine on PATH, and no language host, since the program runs here.
"""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml
from pulumi import automation
from pulumi.automation.errors import CommandError, ConcurrentUpdateError

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT
from infra.stage_files import stage_of

_OF_THE_CHECKOUT: Final = ("main", "runtime")
"""Keys of `Pulumi.yaml` that say how the command line finds the program."""


@contextmanager
def open_workspace(stack: str, *, advice: str = "") -> Generator[automation.LocalWorkspace]:
    """A folder in which a stack's settings are those of its stage's file, which others may share.

    What the engine notes beside the settings (how secrets are encrypted) goes with the folder;
    the stack's state holds it too.

    Args:
        stack: its name; `stage_of` tells whose file it takes.
        advice: what to do when the engine fails, told after its own reason.

    Raises:
        ToolMissingError: if `pulumi` is not on PATH.
        StackError: if the engine refuses to do what is asked inside the block.
    """
    if shutil.which("pulumi") is None:
        raise ToolMissingError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install), "
            "then try again."
        )
    settings = _read(f"Pulumi.{stage_of(stack)}.yaml")
    with TemporaryDirectory(prefix="portfolio-stack-") as folder:
        _write(Path(folder) / "Pulumi.yaml", _project())
        _write(Path(folder) / f"Pulumi.{stack}.yaml", settings)
        try:
            yield automation.LocalWorkspace(
                work_dir=folder, secrets_provider=settings.get("secretsprovider")
            )
        except ConcurrentUpdateError:
            raise StackError(
                f"{stack} is locked: another run is changing it, or was killed while it did. "
                f"If it was killed, unlock it with `pulumi cancel --yes --stack {stack}`, "
                "then try again."
            ) from None
        except CommandError as error:
            reason = f"{stack}: {_summarise(str(error))}"
            raise StackError("\n".join(filter(None, (reason, advice)))) from None


def _project() -> dict[str, Any]:
    project = _read("Pulumi.yaml")
    kept = {key: value for key, value in project.items() if key not in _OF_THE_CHECKOUT}
    return kept | {"runtime": "python"}


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text()) or {}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False))


def _summarise(output: str) -> str:
    """The engine's own errors, without its progress and the program's log."""
    lines = [line.strip() for line in output.splitlines()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return "\n  ".join(dict.fromkeys(errors)) or output.strip()
