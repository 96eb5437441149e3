"""Programs that should answer at once: a hanging one is killed with the programs it has started."""

import time
from pathlib import Path

import pytest

from infra.processes.answers import NoAnswerError, ask
from tests.processes.living import running_in_group


def write(path: Path, script: str) -> str:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_an_answer_has_both_outputs_and_the_exit_code(tmp_path: Path) -> None:
    program = write(tmp_path / "program", 'echo "$1 $WORD"; echo no >&2; exit 3')
    answer = ask([program, "a"], environment={"WORD": "b"})
    assert (answer.stdout, answer.stderr, answer.returncode) == ("a b\n", "no\n", 3)


def test_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    assert ask([write(tmp_path / "program", r"printf '\377'")]).stdout == "\ufffd"


@pytest.mark.parametrize("script", ["sleep 300; :", "sleep 300 & exec sleep 300"])
def test_a_hanging_program_is_killed_with_its_own(tmp_path: Path, script: str) -> None:
    noted = tmp_path / "noted"
    program = write(tmp_path / "program", f"echo $$ > {noted}; {script}")
    started = time.monotonic()
    with pytest.raises(NoAnswerError, match=r"^no answer within 0\.5 seconds$"):
        ask([program], seconds=0.5)
    assert time.monotonic() - started < 5
    assert running_in_group(int(noted.read_text())) == []
