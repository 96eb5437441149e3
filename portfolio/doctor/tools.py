"""The programs that commands of this project need, and their versions on this machine."""

import platform
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from infra.processes.answers import NoAnswerError, ask

_SECONDS: Final = 10
"""Time limit of a program that prints its version."""


@dataclass(frozen=True)
class Tool:
    """A program, and the commands that need it."""

    name: str
    version: tuple[str, ...]
    """The arguments to print the version."""

    needed_for: str
    install: str
    """The next step if the program is missing or broken."""


@dataclass(frozen=True)
class FoundTool:
    """A tool on this machine."""

    tool: Tool
    version: str | None
    """The version, or None if the program is missing or does not run."""

    problem: str = ""
    """The reason, if there is no version."""


TOOLS: Final = (
    Tool("uv", ("--version",), "every command", "install uv (https://docs.astral.sh/uv)"),
    Tool("git", ("--version",), "make package, previews, inspect BASE", "install git"),
    Tool(
        "pulumi",
        ("version",),
        "pulumi up, and every command for a stage on AWS",
        "install it (https://www.pulumi.com/docs/install)",
    ),
    Tool(
        "docker",
        ("version", "--format", "{{.Server.Version}}"),
        "packages for dev and prod, if packageEngine is container",
        "install and start it, or set containerCommand to podman, finch or nerdctl",
    ),
    Tool(
        "go", ("version",), "make test-real, make lint", "install Go (https://go.dev/doc/install)"
    ),
    Tool("java", ("-version",), "make test-real", "install a Java runtime, 17 or newer"),
    Tool("chromium", ("--version",), "make test-real", "install chromium"),
)
"""The programs that uv cannot bring."""


def find_tools(tools: Sequence[Tool] = TOOLS) -> list[FoundTool]:
    """Return the tools with their versions; the programs run side by side."""
    with ThreadPoolExecutor(max_workers=len(tools)) as pool:
        return list(pool.map(_find, tools))


def python_version() -> str:
    """Return the version of the Python in use."""
    return platform.python_version()


def _find(tool: Tool) -> FoundTool:
    command = shutil.which(tool.name)
    if command is None:
        return FoundTool(tool, None, "not on PATH")
    try:
        finished = ask([command, *tool.version], seconds=_SECONDS)
    except NoAnswerError as error:
        return FoundTool(tool, None, str(error))
    except OSError as error:
        return FoundTool(tool, None, f"it does not run: {error.strerror}")
    printed = f"{finished.stdout}\n{finished.stderr}".strip()
    version = re.search(r"\d+(\.\d+)+[\w.+-]*", finished.stdout or finished.stderr)
    if finished.returncode or version is None:
        last = printed.splitlines()[-1] if printed else "it printed nothing"
        return FoundTool(tool, None, f"it failed: {last}")
    return FoundTool(tool, version.group())
