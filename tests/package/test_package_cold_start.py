"""A cold start from the unpacked, read-only zip does only the necessary work."""

from pathlib import Path

import pytest

from infra.deployment import placeholder_environment
from tests.package.function_process import Seen, run_function


@pytest.fixture(scope="module")
def seen(task: Path) -> tuple[Seen, Seen]:
    """The actions until the end of the import, and until the first answer."""
    with run_function(task, placeholder_environment()) as function:
        assert function.call("GET", "/health")["statusCode"] == 200
        return function.at_import, function.stop()


def test_nothing_is_compiled_and_nothing_written(seen: tuple[Seen, Seen]) -> None:
    _, answered = seen
    assert (answered.compiled, answered.written) == ([], [])


def test_a_file_without_bytecode_would_be_seen(task: Path, tmp_path: Path) -> None:
    other = tmp_path / "task"
    other.mkdir()
    for path in task.iterdir():
        if path.name != "src":
            (other / path.name).symlink_to(path)
    source = (task / "src/config.py").read_text()
    (other / "src").mkdir()
    (other / "src/config.py").write_text(source)
    (other / "src/main.py").write_text("from src.config import Settings as handler")
    with run_function(other, {}) as function:
        seen = function.at_import
    assert seen.compiled == [f"{other}/src/main.py", f"{other}/src/config.py"]
    assert seen.written[0].startswith(f"{other}/src/__pycache__")


def test_neither_an_import_nor_health_uses_the_network(seen: tuple[Seen, Seen]) -> None:
    for each in seen:
        assert each.network == []


def test_the_import_loads_what_a_public_read_needs_and_nothing_for_tokens(
    seen: tuple[Seen, Seen],
) -> None:
    imported, answered = seen
    assert {"boto3", "botocore.auth", "urllib3"} <= set(imported.modules)
    assert not {"jose", "cryptography"} & set(imported.modules)
    assert set(answered.modules) == set(imported.modules)
