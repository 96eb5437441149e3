"""The function from its zip, in an interpreter that sees nothing else and is watched closely."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from infra.package import Package
from infra.package.archive import unpack
from tests.backend.lambda_handler import make_event

_SERVE: Final = """
import json, os, sys
from _socket import AF_UNIX
from types import SimpleNamespace
task = sys.argv[1]
seen = {"compiled": [], "written": [], "sockets": []}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def watch(event, arguments):
    if event == "compile" and str(arguments[1]).startswith(task):
        # Not what a module parses of its own accord, as anyio does with its list of names.
        if sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            seen["compiled"].append(arguments[1])
    elif event == "os.mkdir" or event == "open" and arguments[2] & WRITING:
        seen["written"].append(arguments[0])
    elif event.startswith("socket.") and not wakes_event_loop(event, arguments):
        seen["sockets"].append(event)
def wakes_event_loop(event, arguments):
    return event == "socket.__new__" and arguments[1] == AF_UNIX
sys.addaudithook(watch)
# The log is not an answer.
answers, sys.stdout = sys.stdout, sys.stderr
sys.path.insert(0, task)
from src.main import handler
def tell(answer):
    print(json.dumps(answer), file=answers, flush=True)
tell({**seen, "modules": list(sys.modules)})
for line in sys.stdin:
    tell(handler(json.loads(line), SimpleNamespace(aws_request_id="lambda-id")))
tell({**seen, "modules": list(sys.modules)})
"""


@dataclass(frozen=True)
class Seen:
    """What the interpreter has done since its start, denied or not."""

    compiled: list[str]
    """Sources from the zip."""

    written: list[str]
    """Files and folders anywhere, opened to write."""

    sockets: list[str]
    """What was done with sockets, as audit events, but for those an event loop wakes itself by."""

    modules: list[str]


class FunctionProcess:
    """A running function."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions = questions
        self._answers = answers
        self.at_import = Seen(**self._read())

    def call(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> dict[str, Any]:
        """Return what the handler makes of an HTTP API's event."""
        event = make_event(method, path, body, **headers)
        print(json.dumps(event), file=self._questions, flush=True)
        return self._read()

    def stop(self) -> Seen:
        self._questions.close()
        return Seen(**self._read())

    def _read(self) -> dict[str, Any]:
        line = self._answers.readline()
        assert line, "the function ended: see what it wrote to standard error"
        return json.loads(line)


@contextmanager
def run_function(task: Path, environment: Mapping[str, str]) -> Generator[FunctionProcess]:
    # Python may write bytecode, as on Lambda: only the folder's mode is in its way.
    command = [sys.executable, "-I", "-S", "-c", _SERVE, task]
    with subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield FunctionProcess(process.stdin, process.stdout)
        finally:
            process.kill()


def unpack_read_only(package: Package, folder: Path) -> Path:
    """Unpack as Lambda does: with the times of now, and where nothing can be written."""
    unpack(package.path, folder)
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder
