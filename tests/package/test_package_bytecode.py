"""Bytecode depends on the source alone."""

import marshal
import re
import subprocess
import sys
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

import pytest

from infra.errors import PackageError
from infra.package import Target
from infra.package.bytecode import bytecode_files, check_compiler, compile_sources
from infra.package.bytecode_worker import compile_file, compile_source

SOURCE = b'''
"""A module with every kind of constant."""
HELD_ELSEWHERE = "held_elsewhere_too"
ONE = {"z_one_name", "y_another_name", "x_third_name"}
TWO = lambda value: value in {"red_green", "blue_white", 1.5, b"bytes", None, (1, "in_a_tuple")}
class Outer:
    class Inner:
        def method(self, argument_name, *, keyword_name=2**70):
            def closure():
                return argument_name, self, keyword_name
            return closure
'''


def _code(compiled: bytes) -> CodeType:
    code = marshal.loads(compiled[16:])  # noqa: S302 - bytecode of this test
    assert isinstance(code, CodeType)
    return code


def test_python_loads_the_bytecode_without_reading_the_source() -> None:
    compiled = compile_source(SOURCE, "src/module.py")
    assert compiled[:4] == MAGIC_NUMBER
    assert compiled[4:8] == b"\x01\x00\x00\x00"


def test_tracebacks_name_the_place_in_the_function() -> None:
    assert _code(compile_source(SOURCE, "src/module.py")).co_filename == "/var/task/src/module.py"


def test_other_objects_of_the_interpreter_do_not_change_the_bytecode(tmp_path: Path) -> None:
    alone = compile_source(SOURCE, "module.py")
    # In older Pythons, marshal writes strings with other references differently.
    held = [sys.intern(word.decode()) for word in re.findall(rb"\w+", SOURCE)]
    namespace: dict[str, object] = {}
    exec(compile(SOURCE, "elsewhere.py", "exec"), namespace)  # noqa: S102 - the source above
    among_others = compile_source(SOURCE, "module.py")
    (tmp_path / "module.py").write_bytes(SOURCE)
    assert compile_sources(tmp_path, ["module.py"]) == []
    isolated = (tmp_path / "__pycache__/module.cpython-312.pyc").read_bytes()
    assert held
    assert alone == among_others == isolated


def test_files_with_errors_are_reported_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"good.py": b"x = 1", "old.py": b"x = 1\nprint x", "data.json": b"{}"}
    files["deep.py"] = b"-" * 200_000 + b"1"
    for name, content in files.items():
        Path(name).write_bytes(content)
    reasons = [reason for reason in map(compile_file, files) if reason]
    assert [reason.partition(" ")[0] for reason in reasons] == ["old.py:2:", "deep.py:1:"]
    reasons = compile_sources(tmp_path, files)
    assert [reason.partition(" ")[0] for reason in reasons] == ["deep.py:1:", "old.py:2:"]
    assert bytecode_files(tmp_path, files) == ["__pycache__/good.cpython-312.pyc"]


def test_a_compiled_file_of_a_wheel_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_bytes(SOURCE)
    (tmp_path / "__pycache__").mkdir()
    linked = tmp_path / "in-uvs-cache"
    linked.write_bytes(b"uv's")
    (tmp_path / "__pycache__/module.cpython-312.pyc").hardlink_to(linked)
    compile_sources(tmp_path, ["module.py"])
    assert linked.read_bytes() == b"uv's"


def test_all_cores_give_what_one_gives(tmp_path: Path) -> None:
    names = [f"module_{number}.py" for number in range(200)]
    for name in names:
        (tmp_path / name).write_bytes(SOURCE)
    assert compile_sources(tmp_path, names) == []
    assert len(bytecode_files(tmp_path, names)) == 200


def test_warnings_are_not_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "warns.py").write_text("'' is ''")
    assert compile_sources(tmp_path, ["warns.py"]) == []
    assert capfd.readouterr() == ("", "")


def test_another_python_cannot_compile_for_the_function() -> None:
    with pytest.raises(PackageError, match=r"runs on Python 3\.11.*Run this with Python 3\.11"):
        check_compiler(Target(python="3.11"))


def test_the_worker_runs_without_our_packages(tmp_path: Path) -> None:
    worker = Path(compile_source.__code__.co_filename)
    command = [sys.executable, "-I", "-S", worker]
    result = subprocess.run(
        command, cwd=tmp_path, input="", capture_output=True, text=True, check=True
    )
    assert (result.stdout, result.stderr) == ("", "")
