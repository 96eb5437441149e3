"""Names and folders that `portfolio new` refuses, in one line, and nothing is left behind."""

import re
from pathlib import Path

import pytest

from infra.paths import PROJECT, ROOT
from portfolio.new_project.names import LONGEST, complete_names
from src import SITE
from tests.commands import run_command

SITE_OPTION = ("--domain", "new.example.org")
# Written out, the name would be in this file.
UNUSED = "unused" + "-word" * 3
LONG = "a" + "-bcd" * 8

BAD_NAMES = [
    (("--name", "Some_API"), '--name = "Some_API": must be lower-case words', "mean some-api?"),
    (("--name", "some"), '--name = "some": must be lower-case words', "did you mean some-api?"),
    (("--name", "9-lives"), '--name = "9-lives": must be lower-case words', f"such as {PROJECT}"),
    (("--name", "a--b"), '--name = "a--b": must be lower-case words', "did you mean a-b?"),
    (("--name", LONG), f'--name = "{LONG}": has 33 characters', "AWS allows at most 32 here"),
    (("--name", "sthree-x"), '--name = "sthree-x": must not begin with', "which S3 reserves"),
    (("--name", "typing-extensions"), "typing-extensions has another meaning", "choose another"),
    (("--domain", "https://a.dev"), '--domain = "https://a.dev": must be a host', "like api."),
    (("--domain", "A.dev"), '--domain = "A.dev": must be a host', "did you mean a.dev?"),
    (("--domain", "local"), '--domain = "local": must be a host', "like api.example.com"),
    (("--domain", f"{'a' * 60}.dev"), f'--domain = "{"a" * 60}.dev": is too long', "at most 64"),
    (("--domain", "example.com"), "example.com has another meaning in", "choose another name"),
    (("--zone", "other.org"), '--zone = "other.org": does not contain the domain', "example.org"),
    (("--alarm-email", "me"), '--alarm-email = "me": must be an e-mail address', ""),
    (("--repository", "books"), '--repository = "books": must be OWNER/NAME', ""),
    (("--dev-account", "1234"), "--dev-account = 1234: must be the 12 digits", ""),
    (("--title", 'a"b'), '--title = "a', "must be up to 60 letters"),
]


@pytest.mark.parametrize(("options", "start", "end"), BAD_NAMES, ids=lambda each: str(each)[:40])
def test_a_wrong_name_is_one_line(
    tmp_path: Path, options: tuple[str, ...], start: str, end: str
) -> None:
    result = run_command("new", str(tmp_path / UNUSED), *SITE_OPTION, *options, "--no-commit")
    assert result.code == 2
    (line,) = result.err.splitlines()
    assert line.startswith(f"error: {start}")
    assert end in line
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folders = {
        tmp_path: "is not empty: choose a new folder.",
        tmp_path / "file": "is a file: choose a new folder.",
        tmp_path / "missing" / "new-api": "missing is not a folder: create it first.",
        ROOT / "new-api": "is inside this checkout: choose a folder outside it.",
    }
    for folder, reason in folders.items():
        result = run_command("new", str(folder), "--name", "new-api", *SITE_OPTION, "--no-commit")
        assert (result.code, result.err.count("\n")) == (1, 1)
        assert result.err.rstrip().endswith(reason)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_git_without_a_name_is_one_line(tmp_path: Path) -> None:
    nobody = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_SYSTEM": "/dev/null",
        "GIT_COMMITTER_NAME": "",
        "GIT_COMMITTER_EMAIL": "",
    }
    result = run_command("new", str(tmp_path / "new-api"), *SITE_OPTION, env=nobody)
    assert result.code == 1
    assert result.err.startswith("error: git does not know your name and e-mail. Set them with")
    assert list(tmp_path.iterdir()) == []


def test_the_longest_name_fits_in_aws() -> None:
    name = "a-" + "b" * (LONGEST - 2)
    given = dict.fromkeys(("name", "domain", "zone"), "new.example.org") | {"name": name}
    assert complete_names(given, "").name == name
    # Limits of S3 for buckets, and of Lambda and IAM for functions and roles.
    assert len(f"{name}-development-state-222222222222") <= 63
    assert len(f"{'e' * 31}-{name}") <= 64
    assert len(f"{name}-development-deploy") <= 64


def test_one_file_of_the_code_spells_each_name() -> None:
    spelled = {PROJECT: "infra/paths.py", SITE: "backend/src/__init__.py"}
    for name, place in spelled.items():
        files = (
            path.relative_to(ROOT).as_posix()
            for folder in ("backend", "infra", "portfolio", "tests")
            for path in (ROOT / folder).rglob("*.py")
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", path.read_text())
        )
        assert list(files) == [place]
