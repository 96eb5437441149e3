"""What the workflows run beside our own commands, run: with a GitHub of ours."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.paths import PROJECT, ROOT
from tests.workflows import fake_github

SCRIPTS = ROOT / ".github" / "scripts"
SUMMARY = "### Preview `pr-12`\n\n**https://api.example**"
RUN = "https://github.example/ann/api/actions/runs/1"
PULL_REQUEST = {"NUMBER": "12", "GH_REPO": "ann/api", "RUN": RUN}
MARKER = f"<!-- {PROJECT} preview -->"
ELSEWHERE = {"id": 1, "user": {"login": fake_github.BOT}, "body": "Coverage: 98 %"}
SOMEBODY = {"id": 2, "user": {"login": "ann"}, "body": f"{MARKER}\nIs this it?"}


class Runner:
    """A machine that runs workflows, on which `gh` and `bin/portfolio` are programs of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        self._github = folder / "github.json"
        self._github.write_text(json.dumps({"open": [], "comments": [ELSEWHERE, SOMEBODY]}))
        self.install("gh", f'exec {sys.executable} -I -S {fake_github.__file__} "$@"')

    def install(self, program: str, script: str) -> None:
        path = self.folder / program
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    @property
    def github(self) -> dict[str, Any]:
        return json.loads(self._github.read_text())

    def set_github(self, **what: Any) -> None:
        self._github.write_text(json.dumps(self.github | what))

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env={
                "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
                "FAKE_GITHUB": str(self._github),
                "GITHUB_OUTPUT": str(self.output),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def step(self, workflow: str, identity: str) -> subprocess.CompletedProcess[str]:
        """Run a step of a workflow as GitHub does, in the checkout."""
        file = ROOT / ".github" / "workflows" / f"{workflow}.yml"
        steps = [
            step
            for job in yaml.safe_load(file.read_text())["jobs"].values()
            for step in job["steps"]
        ]
        (script,) = (step["run"] for step in steps if step.get("id") == identity)
        scripts = self.folder / ".github" / "scripts"
        shutil.copytree(SCRIPTS, scripts, dirs_exist_ok=True)
        return self.run("bash", "--noprofile", "--norc", "-e", "-c", script, NUMBER="12")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if shutil.which("jq") is None:
        pytest.skip("jq is missing, which gh has in it: apt install jq")
    return Runner(tmp_path)


type Tell = Callable[..., str]


@pytest.fixture
def tell(runner: Runner) -> Tell:
    """Comment on how a job ended; returns the comment, of which there is one."""

    def tell(*, up: str = "skipped", down: str = "skipped", summary: str = "") -> str:
        finished = runner.run(
            str(SCRIPTS / "comment_on_preview.sh"),
            **PULL_REQUEST | {"UP": up, "DOWN": down, "SUMMARY": summary},
        )
        assert finished.returncode == 0, finished.stderr
        assert finished.stdout == ""
        elsewhere, somebody, *own = runner.github["comments"]
        assert [elsewhere, somebody] == [ELSEWHERE, SOMEBODY]
        (comment,) = own
        assert comment["body"].startswith(MARKER)
        return comment["body"]

    return tell


def test_a_preview_is_told_in_one_comment_that_is_kept_up_to_date(tell: Tell) -> None:
    first = tell(up="success", summary=SUMMARY)
    assert first.endswith(SUMMARY)
    assert "A push deploys it again" in first
    second = tell(up="success", summary="Nothing changed.")
    assert second.endswith("Nothing changed.")
    assert SUMMARY not in second


def test_a_failed_update_keeps_the_address_of_what_still_runs(tell: Tell) -> None:
    tell(up="success", summary=SUMMARY)
    for _ in range(2):
        failed = tell(up="failure")
        assert f"[last update failed]({RUN})" in failed
        assert failed.count("failed") == 1
        assert failed.endswith(SUMMARY)
    assert "failed" not in tell(up="success", summary=SUMMARY)


def test_a_first_update_that_fails_is_told(tell: Tell) -> None:
    told = tell(up="failure")
    assert f"[last update failed]({RUN})" in told
    assert "the update before it" not in told


def test_a_preview_that_is_gone_leaves_no_address(tell: Tell) -> None:
    tell(up="success", summary=SUMMARY)
    gone = tell(down="success")
    assert "The preview is deleted." in gone
    assert "https://" not in gone
    assert tell(up="success", summary=SUMMARY).endswith(SUMMARY)


def test_a_preview_that_could_not_be_taken_down_is_told_with_its_address(tell: Tell) -> None:
    tell(up="success", summary=SUMMARY)
    stays = tell(down="failure")
    assert f"[could not be deleted]({RUN})" in stays
    assert stays.endswith(SUMMARY)


def test_a_github_that_does_not_answer_fails_the_comment(runner: Runner) -> None:
    runner.set_github(down=True)
    finished = runner.run(
        str(SCRIPTS / "comment_on_preview.sh"),
        **PULL_REQUEST | {"UP": "failure", "DOWN": "skipped"},
    )
    assert finished.returncode != 0
    assert "HTTP 503" in finished.stderr


@pytest.mark.parametrize(("numbers", "said"), [([12, 15], "12,15"), ([7], "7"), ([], "none")])
def test_the_sweep_is_told_the_open_pull_requests(
    runner: Runner, numbers: list[int], said: str
) -> None:
    runner.set_github(open=numbers)
    runner.install("bin/portfolio", 'echo "$@"')
    finished = runner.run(str(SCRIPTS / "sweep_previews.sh"), "--only", "12")
    assert finished.stdout == f"preview sweep --open {said} --only 12\n"


def test_a_github_that_does_not_answer_is_no_reason_to_sweep(runner: Runner) -> None:
    runner.set_github(down=True)
    runner.install("bin/portfolio", "touch swept")
    assert runner.run(str(SCRIPTS / "sweep_previews.sh")).returncode != 0
    assert not (runner.folder / "swept").exists()


def test_a_github_that_answers_nothing_is_refused_by_the_command(runner: Runner) -> None:
    runner.install("gh", ":")
    runner.install("bin/portfolio", f'cd {ROOT} && exec {sys.executable} -m portfolio "$@"')
    finished = runner.run(str(SCRIPTS / "sweep_previews.sh"), "--dry-run")
    assert finished.returncode == 2
    assert "every preview would be deleted" in " ".join(finished.stderr.split())


def test_the_sweep_hands_over_what_it_has_found(runner: Runner) -> None:
    runner.set_github(open=[3])
    runner.install(
        "bin/portfolio", '[ "$*" = "preview sweep --open 3 --dry-run" ] && echo "[12, 15]"'
    )
    assert runner.step("sweep", "find").returncode == 0
    assert runner.output.read_text() == "unused=[12, 15]\n"


def test_a_sweep_that_finds_nothing_out_hands_nothing_over(runner: Runner) -> None:
    runner.install("bin/portfolio", "exit 1")
    assert runner.step("sweep", "find").returncode != 0
    assert not runner.output.exists()


def take_down(runner: Runner, swept: str) -> subprocess.CompletedProcess[str]:
    """Take the preview of a closed pull request down; a shell script stands in for the sweep."""
    runner.set_github(open=[3])
    only = "preview sweep --open 3 --only 12"
    runner.install("bin/portfolio", f'[ "$*" = "{only}" ] || exit 9; {swept}')
    shutil.copytree(SCRIPTS, runner.folder / ".github" / "scripts")
    return runner.run(".github/scripts/take_down_unused.sh", **PULL_REQUEST)


def test_a_preview_that_the_sweep_deletes_loses_its_address_in_the_comment(
    runner: Runner, tell: Tell
) -> None:
    tell(up="success", summary=SUMMARY)
    assert take_down(runner, "echo 'pr-12 is gone.'").returncode == 0
    comment = runner.github["comments"][-1]["body"]
    assert "The preview is deleted." in comment
    assert "https://" not in comment


def test_a_preview_that_the_sweep_cannot_delete_is_told_and_fails(
    runner: Runner, tell: Tell
) -> None:
    tell(up="success", summary=SUMMARY)
    assert take_down(runner, "exit 1").returncode == 1
    assert f"[could not be deleted]({RUN})" in runner.github["comments"][-1]["body"]


def test_a_preview_that_is_in_use_again_keeps_its_comment(runner: Runner, tell: Tell) -> None:
    before = tell(up="success", summary=SUMMARY)
    assert take_down(runner, "echo 'Nothing to delete.'").returncode == 0
    assert runner.github["comments"][-1]["body"] == before


def test_only_a_commit_of_main_goes_to_production(runner: Runner) -> None:
    script = f"""
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
        git init -q -b main . && git commit -q --allow-empty -m one
        git update-ref refs/remotes/origin/main HEAD
        {SCRIPTS}/require_commit_of_main.sh
        git checkout -q -b elsewhere && git commit -q --allow-empty -m two
        ! {SCRIPTS}/require_commit_of_main.sh
    """
    finished = runner.run("bash", "-ec", script)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith("::error::")
    assert "is not on main: merge it" in finished.stdout


@pytest.mark.parametrize(("container", "code"), [("zip", 0), ("other", 1)])
def test_a_zip_that_the_image_makes_otherwise_stops_production(
    runner: Runner, container: str, code: int
) -> None:
    # Each engine writes its word to the file after --output.
    runner.install(
        "bin/portfolio",
        f'[ "$6" = --output ] || exit 9; case "$5" in host) echo zip;; *) echo {container};; esac'
        ' > "$7"',
    )
    finished = runner.run(str(SCRIPTS / "compare_engines.sh"), "prod")
    assert finished.returncode == code, finished.stderr
    assert ("::error::The build image makes another zip" in finished.stdout) is bool(code)


UP = "preview up 12 --summary preview.md"
COMPARE = "inspect --base origin/main --stack preview --markdown"
TABLE = "| package | `origin/main` | this checkout | change |"


def update(runner: Runner, comparison: str) -> list[str]:
    """Run the step of an update, and return the lines of its summary.

    Args:
        runner: the machine.
        comparison: a shell script that stands in for `portfolio inspect`.
    """
    up = 'printf "### Preview\\n\\nEOF\\n" > preview.md'
    runner.install(
        "bin/portfolio", f'case "$*" in "{UP}") {up};; "{COMPARE}") {comparison};; *) exit 9;; esac'
    )
    finished = runner.step("preview", "up")
    assert finished.returncode == 0, finished.stderr
    first, *lines, last = runner.output.read_text().splitlines()
    assert first == f"summary<<{last}"
    return lines


def test_an_update_hands_over_its_summary_and_the_comparison(runner: Runner) -> None:
    lines = update(runner, f"echo 'building' >&2; echo '{TABLE}'")
    assert lines == ["### Preview", "", "EOF", "", TABLE]


def test_a_failed_comparison_keeps_what_it_has_printed(runner: Runner) -> None:
    printed = [
        "| package | this checkout |",
        "",
        "The zip is not compared with `origin/main`: old.",
    ]
    lines = "; ".join(f"echo '{line}'" for line in printed)
    told = update(runner, f"{lines}; echo 'error: old' >&2; exit 1")
    assert told == ["### Preview", "", "EOF", "", *printed]


def test_a_comparison_that_prints_nothing_is_explained(runner: Runner) -> None:
    lines = update(runner, "echo building >&2; echo 'error: no space left' >&2; exit 1")
    reason = ["The zip is not compared with `origin/main`:", "", "    no space left"]
    assert lines == ["### Preview", "", "EOF", "", *reason]


def test_a_failed_update_is_neither_compared_nor_summed_up(runner: Runner) -> None:
    runner.install("bin/portfolio", 'echo "$*" >> typed; exit 1')
    assert runner.step("preview", "up").returncode != 0
    assert (runner.folder / "typed").read_text().splitlines() == [UP]
    assert not runner.output.exists()


def back_up(runner: Runner, **variables: str) -> subprocess.CompletedProcess[str]:
    return runner.run(str(SCRIPTS / "back_up.sh"), "prod", "prod.jsonl.gpg", **variables)


def test_a_failed_export_leaves_no_backup(runner: Runner) -> None:
    runner.install("bin/portfolio", "echo content; exit 1")
    runner.install("gpg", 'for last; do :; done; cat > "$last"')
    assert back_up(runner, BACKUP_PUBLIC_KEY="the key").returncode == 1
    assert not (runner.folder / "prod.jsonl.gpg").exists()


def test_nothing_is_exported_without_a_key(runner: Runner) -> None:
    runner.install("bin/portfolio", "touch exported")
    finished = back_up(runner, BACKUP_PUBLIC_KEY="")
    assert finished.returncode != 0
    assert "BACKUP_PUBLIC_KEY: is missing: see docs/backups.md" in finished.stderr
    assert not (runner.folder / "exported").exists()


def test_ci_runs_all_checks_and_stops_at_the_first_that_fails(runner: Runner) -> None:
    for tool in ("git", "jq", "java", "mvn", "docker", "dockerd", "debootstrap", "chromium", "gpg"):
        runner.install(tool, "exit 1")
    runner.install("make", 'echo "$CI $*"')
    done = runner.run(str(ROOT / ".ci" / "run"))
    assert (done.returncode, done.stdout) == (0, "true lint\ntrue coverage\n")
    runner.install("make", 'echo "$*"; [ "$1" != lint ]')
    done = runner.run(str(ROOT / ".ci" / "run"))
    assert (done.returncode, done.stdout) == (1, "lint\n")
