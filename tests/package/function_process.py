"""Run the function from its zip in an isolated interpreter and record its actions."""

import json
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.backend.lambda_handler import make_event

_SERVE: Final = """
import json, os, sys
from types import SimpleNamespace
task = sys.argv[1]
seen = {"compiled": [], "written": [], "network": []}
NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def watch(event, arguments):
    if event == "compile" and str(arguments[1]).startswith(task):
        # Skip code compiled by a module itself, such as anyio's list of names.
        if sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            seen["compiled"].append(arguments[1])
    elif event == "os.mkdir" or event == "open" and arguments[2] & WRITING:
        seen["written"].append(arguments[0])
    elif event in NETWORK:
        seen["network"].append(event)
sys.addaudithook(watch)
# Keep the log out of the answers.
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
    """The actions of the interpreter since its start, denied ones included."""

    compiled: list[str]
    """Compiled sources of the zip."""

    written: list[str]
    """Files and folders opened for writing, in any place."""

    network: list[str]
    """Audit events of connections and of host names looked up."""

    modules: list[str]


class FunctionProcess:
    """The function in a running process."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions = questions
        self._answers = answers
        self.at_import = Seen(**self._read())

    def call(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> dict[str, Any]:
        """Call the handler with an HTTP API's event and return its answer."""
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
    # Python may write bytecode, as on Lambda. Only the mode of the folder stops it.
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
