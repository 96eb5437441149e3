"""Commands of more than a second, each with a place to run in."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from infra.paths import CACHE, ROOT
from portfolio.local.emulator import free_port
from tests.checkout import copy_checkout
from tests.commands import run_command
from tests.content.content_files import file_of, made_up_records
from tests.signals.trials import MANNERS, Command, Manner

BIN: Final = str(ROOT / "bin" / "portfolio")
"""The command of a user, in any folder."""

SERVING: Final = b"Ctrl-C to stop"
_AUTHOR: Final = {
    f"GIT_{who}_{what}": "test@example.com"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
_NEW_PROJECT: Final = "interrupted" + "-project"
"""A name without another meaning in any file, this one included."""

_UP_OPTIONS: Final = (
    (),
    ("--empty",),
    ("--keep",),
    ("--debug", "PORT"),
    ("--origin", "https://one.example"),
)
_GROUPS: Final = {"content", "owner"}
_WITH_TESTS: Final = (str(Path(sys.executable).with_name("portfolio")),)
"""The command of a developer: `bin/portfolio` may find no pytest."""

_ITEMS: Final = 300
"""Items of each kind: their export takes more than a second."""

_ANSWER: Final = 35
"""Seconds until the function answers at the latest."""

type Opened = AbstractContextManager[Command]


@dataclass(frozen=True)
class Case:
    """A command, opened for each of its runs."""

    name: str
    open: Callable[[], Opened]


class Checkout:
    """A copy of this checkout: no other process changes it."""

    def __init__(self, folder: Path) -> None:
        """Copy this checkout, and install the copy."""
        self._folder = folder
        self.root = copy_checkout(folder / "checkout")
        self._cache, self._bin = self.root / CACHE.name, str(self.root / "bin/portfolio")
        self._cache.mkdir()
        if (CACHE / "uv").exists():
            (self._cache / "uv").symlink_to(CACHE / "uv")
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "copy"]):
            subprocess.run(["git", *words], cwd=self.root, env=os.environ | _AUTHOR, check=True)
        subprocess.run([self._bin, "--version"], capture_output=True, check=True)

    def cases(self) -> Iterator[Case]:
        """Yield the commands that need only a checkout."""
        for options in _UP_OPTIONS:
            name = " ".join(["up", *options]).removesuffix(" PORT")
            yield Case(name, partial(self._up, *options))
        yield Case("make up", self._make_up)
        yield Case("package", self._package)
        yield Case("new", self._new)
        yield Case("inspect --base", self._inspect)
        drawn = str(self._folder / "drawn.svg")
        for words in (["validate"], ["stages"], ["diagram", "--output", drawn], ["doctor"]):
            yield Case(words[0], partial(self._plain, *words))

    def _plain(self, *words: str) -> Opened:
        return nullcontext(Command([self._bin, *words], self.root))

    def _up(self, *options: str) -> Opened:
        words = [str(free_port()) if each == "PORT" else each for each in options]
        return self._serving([self._bin, "up", "--port", str(free_port()), *words])

    def _make_up(self) -> Opened:
        words = ["make", "up", f"PORT={free_port()}"]
        return self._serving(words, [manner for manner in MANNERS if manner.is_for_make])

    def _serving(self, words: list[str], manners: Sequence[Manner] = MANNERS) -> Opened:
        running = self._cache / "running"
        command = Command(words, self.root, ready=SERVING, watched=[running], manners=manners)
        return nullcontext(command)

    def _package(self) -> Opened:
        """Delete the built zips first, so that each run builds everything."""
        built = self._cache / "package"
        shutil.rmtree(built, ignore_errors=True)
        words = [self._bin, "package"]
        return nullcontext(Command(words, self.root, watched=[built], results=_is_built))

    @contextmanager
    def _new(self) -> Generator[Command]:
        """Watch the folder around the new project, which may stay if it is complete."""
        around = self._folder / uuid.uuid4().hex
        around.mkdir()
        project = around / _NEW_PROJECT
        words = [self._bin, "new", str(project), "--domain", f"{_NEW_PROJECT}.org"]
        yield Command(
            words,
            self.root,
            variables=_AUTHOR,
            watched=[around],
            results=lambda _: (project / ".git/HEAD").exists(),
        )
        shutil.rmtree(around)

    def _inspect(self) -> Opened:
        words = [self._bin, "inspect", "--base", "HEAD"]
        return nullcontext(Command(words, self.root, watched=[self.root / ".git/worktrees"]))


def plain(*words: str) -> Case:
    """Return a command of this checkout that needs no preparation."""
    name = " ".join(words[:2]) if words[0] in _GROUPS else words[0]
    return Case(name, lambda: nullcontext(Command([BIN, *words])))


def find_stage_cases(url: str, folder: Path) -> Iterator[Case]:
    """Yield the commands on the running local stage with this address."""
    local = ("--stack", "local", "--port", str(urlsplit(url).port))
    file, exported = folder / "content.jsonl", folder / "exported"
    file.write_bytes(file_of(made_up_records(_ITEMS)))
    exported.mkdir()
    imported = run_command("content", "import", str(file), *local)
    assert imported.code == 0, imported.printed

    def follow() -> Opened:
        httpx.get(f"{url}/health", timeout=_ANSWER)
        return nullcontext(Command([BIN, "logs", *local, "--follow"], ready=b"GET /health 200"))

    def export() -> Opened:
        words = [BIN, "content", "export", str(exported / "content.jsonl"), *local]
        return nullcontext(Command(words, watched=[exported], results=_is_complete))

    @contextmanager
    def create() -> Generator[Command]:
        words = ["owner", "create", f"{uuid.uuid4().hex}@example.com", "--generate", *local]
        yield Command([BIN, *words])
        repeated = run_command(*words)
        is_there = "already has a password and a name" in repeated.printed
        assert repeated.code == 0 or is_there, repeated.printed

    yield Case("content export", export)
    yield Case("owner create", create)
    seeding = Command([BIN, "seed", *local], ready=b"Password of")
    yield Case("seed, at its question", lambda: nullcontext(seeding))
    yield Case("logs --follow", follow)
    yield plain("logs", *local)
    yield plain("invoke", "GET", "/blogs", *local)
    yield plain("outputs", *local)
    yield plain("owner", "list", *local)
    words = [*_WITH_TESTS, "probe", url]
    probe = Command(words, variables={"ORIGIN": "http://localhost:4173"})
    yield Case("probe", lambda: nullcontext(probe))


def _is_built(path: Path) -> bool:
    """Return True for a file that a build has finished."""
    return "unfinished-" not in str(path)


def _is_complete(file: Path) -> bool:
    """Return True for a content file with its last line, which counts those before it."""
    if file.name != "content.jsonl":
        return False
    lines = file.read_text().splitlines()
    return json.loads(lines[-1])["lines"] == len(lines) - 1
