"""`portfolio inspect`: contents of a zip, and differences between two zips."""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from infra.package import Package
from portfolio.inspection.sizes import format_change, format_size
from tests.commands import Result, run_command

type Build = Callable[..., Package]
type MakeZip = Callable[..., Path]


_NO_TERMINAL = dict.fromkeys(("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM", "PY_COLORS"))


def inspect(*arguments: object, **variables: str) -> Result:
    """Run the command with these environment variables."""
    return run_command(
        "inspect",
        *map(str, arguments),
        env={**_NO_TERMINAL, "TERM": "xterm-256color", **variables},
    )


@pytest.fixture
def make_zip(tmp_path: Path) -> MakeZip:
    """Return a function to make a zip: `make_zip(name, files, **distributions)`."""

    def make(name: str, files: Mapping[str, bytes], **distributions: str) -> Path:
        contents = {"src/main.py": b"handler = None\n", **files}
        for each, version in distributions.items():
            metadata = f"Name: {each}\nVersion: {version}\nLicense: MIT\n"
            contents[f"{each}-{version}.dist-info/METADATA"] = metadata.encode()
        path = tmp_path / name
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for each, content in contents.items():
                archive.writestr(each, content)
        return path

    return make


def _json(result: Result) -> Any:
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_contents_for_machines(ready: Path, build: Build) -> None:
    package = build(ready)
    told = _json(inspect(package.path, "--json"))
    with ZipFile(package.path) as archive:
        files = {
            entry.filename: (entry.compress_size, entry.file_size) for entry in archive.infolist()
        }
    assert {each["name"]: (each["zipped"], each["unzipped"]) for each in told["files"]} == files
    assert (told["path"], told["sha256"]) == (str(package.path), package.sha256)
    assert (told["zipped"], told["unzipped"]) == (
        package.size,
        sum(unzipped for _, unzipped in files.values()),
    )
    assert {each["name"] for each in told["packages"]} == {"pebble", "src"}
    assert told["distributions"] == [{"name": "pebble", "version": "1.0", "licence": "unknown"}]
    assert told["manifest"] == json.loads(package.manifest.read_text())


def test_contents_for_people(make_zip: MakeZip) -> None:
    files = {
        "stone/heavy.bin": os.urandom(300_000),
        "stone/deep/er/light.bin": os.urandom(30_000),
        "stone/one.py": b"",
        "stone/two.py": b"",
    }
    path = make_zip("made.zip", files, stone="2.0")
    lines = inspect(path, COLUMNS="100").out.splitlines()
    assert lines[0] == str(path)
    assert re.match(r"32\d\.\d kB zipped, 322\.\d kB unzipped  sha256:[0-9a-f]{64}$", lines[1])
    shown = [re.split(r"\s+(?=\d+\.?\d* k?B)", line.rstrip(" █")) for line in lines[4:]]
    assert [name for name, *_ in shown[:7]] == [
        "├── stone",
        "│   ├── heavy.bin",
        "│   ├── deep",
        "│   └── … 2 more",
        "├── src",
        "│   └── main.py",
        "└── … 1 more",
    ]
    assert re.fullmatch(r"322\.\d kB/32\d\.\d kB", "/".join(shown[0][1:]))
    assert lines[-1].split() == ["stone", "2.0", "MIT"]


def test_the_depth_of_the_tree_can_be_chosen(make_zip: MakeZip) -> None:
    path = make_zip("made.zip", {"stone/deep/er/light.bin": os.urandom(30_000), "stone/a.py": b""})
    assert "light.bin" not in inspect(path).out
    assert "light.bin" in inspect(path, "--depth", "4").out
    assert "a.py" not in inspect(path, "--depth", "4").out
    everything = inspect(path, "--all").out
    assert "light.bin" in everything
    assert "a.py" in everything


@pytest.mark.parametrize("columns", [60, 100])
def test_tables_fit_the_terminal(make_zip: MakeZip, columns: int) -> None:
    names = {f"stone/{'very_' * 30}long.py": b"x" * 1000}
    path = make_zip("made.zip", names, stone="2.0")
    other = make_zip("other.zip", {}, stone="2.1")
    for shown in (inspect(path, COLUMNS=str(columns)), inspect(path, other, COLUMNS=str(columns))):
        tables = shown.out.partition("\n\n")[2].splitlines()
        assert tables
        assert max(map(len, tables)) <= columns


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_numbers_are_whole_names_lose_their_middle_and_bars_fit(
    make_zip: MakeZip, columns: int
) -> None:
    sizes = {"a" * 90: 400_000, "b" * 90 + ".py": 123_456}
    files = {f"stone/{name}": os.urandom(size) for name, size in sizes.items()}
    path = make_zip("made.zip", files, stone="2.0.post12345678")
    tree, _, rest = inspect(path, COLUMNS=str(columns)).out.partition("\n\n")[2].partition("\n\n")
    for name, size in sizes.items():
        (line,) = [line for line in tree.splitlines() if f"── {name[0]}" in line]
        assert f" {size / 1024:.1f} kB " in line
        shown = name if columns == 200 else rf"{name[0]}+…{name[0]}*{name[-3:]}"
        assert re.search(rf"── {shown} ", line)
    bars = [line.count("█") for line in tree.splitlines()]
    assert max(bars) == max(4, min(24, columns // 8))
    assert "2.0.post12345678" in rest
    other = make_zip("other.zip", {}, stone="2.1")
    changes = inspect(path, other, COLUMNS=str(columns)).out
    assert re.search(r"removed +\S+… *\S* +-390\.6 kB" if columns < 200 else r"-390\.6 kB", changes)
    assert re.search(r" 2\.0\.post12345678 +2\.1$", changes, re.MULTILINE)


def test_colours_only_if_they_are_wanted(make_zip: MakeZip) -> None:
    path = make_zip("made.zip", {}, stone="2.0")
    assert "\x1b[" not in inspect(path).out
    assert "\x1b[36m" in inspect(path, FORCE_COLOR="1").out
    assert "\x1b[36m" not in inspect(path, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b[" not in inspect(path, "--json", FORCE_COLOR="1").out


def test_a_change_for_machines(make_zip: MakeZip) -> None:
    before = make_zip(
        "before.zip",
        {"src/a.py": b"1", "src/same.py": b"1", "src/gone.py": b"12"},
        up="1.9",
        down="2.0",
        gone="1.0",
        same="1.0",
        odd="final",
    )
    after = make_zip(
        "after.zip",
        {"src/a.py": b"2", "src/same.py": b"1", "src/new.py": b"123"},
        up="1.10",
        down="2.0rc1",
        new="3.0",
        same="1.0",
        odd="finest",
    )
    told = _json(inspect(before, after, "--json"))
    assert [each for each in told["files"] if each["name"].startswith("src/")] == [
        {"name": "src/a.py", "change": "changed", "before": 1, "after": 1},
        {"name": "src/gone.py", "change": "removed", "before": 2, "after": None},
        {"name": "src/new.py", "change": "added", "before": None, "after": 3},
    ]
    assert told["distributions"] == [
        {"name": "down", "change": "down", "before": "2.0", "after": "2.0rc1"},
        {"name": "gone", "change": "removed", "before": "1.0", "after": None},
        {"name": "new", "change": "added", "before": None, "after": "3.0"},
        {"name": "odd", "change": "changed", "before": "final", "after": "finest"},
        {"name": "up", "change": "up", "before": "1.9", "after": "1.10"},
    ]
    assert (told["before"]["path"], told["after"]["path"]) == (str(before), str(after))
    assert told["after"]["zipped"] == after.stat().st_size


def test_a_change_for_people(make_zip: MakeZip) -> None:
    files = {f"src/{number:02}.bin": bytes(number * 1000) for number in range(40)}
    before = make_zip("before.zip", {"src/main_data.bin": bytes(50_000)}, stone="1.0")
    after = make_zip("after.zip", files, stone="1.1")
    lines = [line.split() for line in inspect(before, after).out.splitlines()]
    assert ["up", "stone", "1.0", "1.1"] in lines
    assert ["removed", "src/main_data.bin", "-48.8", "kB"] in lines
    assert ["added", "src/39.bin", "38.1", "kB", "+38.1", "kB"] in lines
    assert ["…", "13", "more", "files", "(show", "them", "with", "--all)"] in lines
    assert not any("src/03.bin" in line for line in lines)
    assert "src/03.bin" in inspect(before, after, "--all").out


def test_no_change(make_zip: MakeZip) -> None:
    path = make_zip("made.zip", {})
    assert inspect(path, path).out.endswith("The zips are identical.\n")
    told = _json(inspect(path, path, "--json"))
    assert (told["files"], told["distributions"]) == ([], [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "does not exist."),
        (b"no zip", "is not a readable zip: File is not a zip file."),
        (b"PK\x05\x06" + bytes(18), "is not a zip of this project: src/main.py is missing in it."),
    ],
)
@pytest.mark.parametrize(
    "arguments",
    [
        ["{0}"],
        ["{0}", "--json"],
        ["{0}", "--markdown"],
        ["{0}", "{0}"],
        ["{0}", "{0}", "--markdown"],
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(
    tmp_path: Path, content: bytes | None, told: str, arguments: list[str]
) -> None:
    path = tmp_path / "other.zip"
    if content is not None:
        path.write_bytes(content)
    result = inspect(*(argument.format(path) for argument in arguments))
    assert result.code == 1
    assert result.out == ""
    assert result.err == f"error: {path} {told}\n"


@pytest.mark.parametrize(
    "arguments",
    [["{0}"], ["{0}", "--json"], ["{0}", "--markdown"], ["{1}", "{0}"]],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("damaged", "at"), [("stone/heavy.bin", 20), ("stone-1.0.dist-info/METADATA", 0)]
)
def test_a_damaged_file_is_named(
    make_zip: MakeZip, arguments: list[str], damaged: str, at: int
) -> None:
    files = {"stone/heavy.bin": os.urandom(500) * 2, "stone/light.bin": b"light" * 100}
    good, bad = make_zip("good.zip", files, stone="1.0"), make_zip("bad.zip", files, stone="1.0")
    with ZipFile(bad) as archive:
        offset = archive.getinfo(damaged).header_offset
    content = bytearray(bad.read_bytes())
    # 30 bytes of header stand before the name.
    content[offset + 30 + len(damaged) + at] ^= 0b110
    bad.write_bytes(content)
    result = inspect(*(each.format(bad, good) for each in arguments))
    assert (result.code, result.out, result.err.count("\n")) == (1, "", 1)
    assert result.err.startswith(f"error: {bad} is damaged: {damaged} cannot be read (")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    told = inspect(tmp_path).err
    assert told == f"error: {tmp_path} is not a readable zip: Is a directory.\n"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 kB"), (-1536, "-1.5 kB"), (3 * 1024**2, "3.0 MB")],
)
def test_sizes_have_a_suitable_unit(size: int, text: str) -> None:
    assert format_size(size) == text


def test_a_growth_has_a_sign() -> None:
    assert [format_change(0, 5), format_change(5, 0), format_change(5, 5)] == [
        "+5 B",
        "-5 B",
        "0 B",
    ]
