"""Names in a zip cannot control the terminal in `portfolio inspect`."""

from pathlib import Path
from zipfile import ZipFile

from tests.commands import run_command

NASTY = "a\x1b[2J\x07\n├── forged"
ESCAPED = r"a\x1b[2J\x07\n├── forged"


def _make_zip(path: Path, version: str) -> Path:
    metadata = f"Name: stone\nVersion: {version}\x9b\nLicense: MIT\x1b[31m\n"
    with ZipFile(path, "w") as archive:
        archive.writestr("src/main.py", "handler = None\n")
        archive.writestr(f"src/{NASTY}.py", version)
        archive.writestr(f"stone-{version}.dist-info/METADATA", metadata)
    return path


def test_contents_of_a_zip(tmp_path: Path) -> None:
    shown = run_command("inspect", str(_make_zip(tmp_path / "one.zip", "1")), "--all").out
    assert ESCAPED in shown
    assert r"1\u009b" in shown
    assert r"MIT\x1b[31m" in shown
    assert shown.replace("\n", "").isprintable()


def test_changes_between_two_zips(tmp_path: Path) -> None:
    zips = [str(_make_zip(tmp_path / f"{version}.zip", version)) for version in ("1", "2")]
    shown = run_command("inspect", *zips).out
    assert ESCAPED in shown
    assert r"1\u009b" in shown
    assert shown.replace("\n", "").isprintable()
