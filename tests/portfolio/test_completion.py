"""Completion in bash, which every machine of CI has; zsh and fish where they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings.files import stages

ENVIRONMENT = os.environ | {"PATH": os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])}

ASK = {
    "bash": 'eval "$(_PORTFOLIO_COMPLETE=source_bash portfolio)"; COMP_WORDS=({words} "{part}"); '
    "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _portfolio_completion portfolio; "
    'printf "%s\\n" "${{COMPREPLY[@]}}"',
    "zsh": "compdef() {{ }}; _arguments() {{ print -r -- $1 }}; "
    'words=({words} "{part}"); CURRENT=$#words; '
    'eval "$(_PORTFOLIO_COMPLETE=source_zsh portfolio)"; _portfolio_completion',
    "fish": "_PORTFOLIO_COMPLETE=source_fish portfolio | source; complete -C '{words} {part}'",
}
"""Scripts that print the completions of a last word."""


def complete(shell: str, words: str, part: str) -> str:
    script = ASK[shell].format(words=words, part=part)
    command = [shell, "-f" if shell == "zsh" else "--norc", "-c", script]
    if shell == "fish":
        command.remove("--norc")
    run = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    return run.stdout


@pytest.mark.parametrize("shell", [each for each in ASK if shutil.which(each)])
@pytest.mark.parametrize(
    ("words", "part", "expected"),
    [
        ("portfolio", "ro", ["rollback"]),
        ("portfolio logs", "--fol", ["--follow"]),
        ("portfolio owner list --stack", "pr", ["preview", "prod"]),
    ],
)
def test_commands_options_and_stages_are_completed(
    shell: str, words: str, part: str, expected: list[str]
) -> None:
    told = complete(shell, words, part)
    assert [word for word in expected if word not in told] == []
    assert "seed" not in told
    if shell == "bash":
        assert told.split() == expected


def test_each_stage_with_a_file_is_completed() -> None:
    assert complete("bash", "portfolio logs -s", "").split() == stages()


def test_completion_is_installed_for_a_shell(tmp_path: Path) -> None:
    run = subprocess.run(
        ["bash", "-c", "portfolio --install-completion; exit $?"],
        env=ENVIRONMENT | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith(f"bash completion installed in {tmp_path}/.bash_completions/")
    assert (tmp_path / ".bash_completions/portfolio.sh").read_text().count("portfolio") > 2
