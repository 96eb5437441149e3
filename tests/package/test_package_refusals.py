"""A bad input is refused with its name and a remedy, and no zip is left."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from infra.errors import PackageError
from infra.package import Budget, Package, Target
from infra.package.archive import append_files
from infra.package.check import check_shared_objects, check_size
from infra.package.engine import HealthRequest
from infra.package.health import check_health
from infra.package.host_engine import HOST
from infra.package.manifest import Origin, write_manifest
from infra.package.omissions import check_imports
from infra.package.services import SERVICES, check_services
from infra.paths import PROJECT

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

ORIGIN: Origin = {
    "source_sha256": "",
    "lock_sha256": "",
    "engine": "host",
    "image": None,
    "runtime": "python3.12",
    "architecture": "x86_64",
}
AARCH64_HEADER = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00"
X86_64_HEADER = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00"


@pytest.fixture
def checkout(ready: Path) -> Path:
    return ready


@pytest.fixture
def refusal(checkout: Path, build: Build) -> Callable[..., str]:
    """Return a function to get the error of a failing build; it asserts that no zip is left.

    Behind the line of the error there may be a line of the source.
    """

    def refuse(**options: object) -> str:
        with pytest.raises(PackageError) as caught:
            build(checkout, **options)
        assert not list(checkout.rglob(f"{PROJECT}*"))
        assert not list(checkout.rglob("unfinished-*"))
        first, *source = str(caught.value).splitlines()
        assert all(line.startswith("    ") for line in source)
        return "\n".join([first, *source])

    return refuse


def test_a_wheel_missing_for_the_target(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, refusal: Callable[..., str]
) -> None:
    publish_wheel("boulder", {"boulder.py": ""}, tag="cp312-cp312-manylinux_2_17_aarch64")
    lock(checkout, "pebble", "boulder")
    assert refusal() == (
        "boulder 1.0 has no wheel for Python 3.12 on x86_64-manylinux_2_34. Pin another "
        "version in backend/pyproject.toml and run `bin/uv lock`."
    )


def test_a_wheel_for_a_newer_glibc(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, refusal: Callable[..., str]
) -> None:
    publish_wheel("modern", {"modern.py": ""}, tag="cp312-cp312-manylinux_2_35_x86_64")
    lock(checkout, "modern")
    assert refusal().startswith("modern 1.0 has no wheel for Python 3.12 on x86_64-manylinux_2_34.")


def test_a_wheel_with_another_hash_than_in_the_lock(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, refusal: Callable[..., str]
) -> None:
    publish_wheel("swapped", {"swapped.py": "WEIGHT = 1"})
    lock(checkout, "swapped")
    publish_wheel("swapped", {"swapped.py": "WEIGHT = 1_000"})
    message = refusal()
    assert message.startswith("uv cannot install the dependencies: ")
    assert "swapped" in message
    assert "hash" in message.lower()


def test_a_lock_out_of_date(checkout: Path, refusal: Callable[..., str]) -> None:
    described = checkout / "backend/pyproject.toml"
    described.write_text(described.read_text().replace("['pebble']", "[]"))
    message = refusal()
    assert message.startswith(f"{checkout / 'uv.lock'} is missing, or out of date with ")
    assert message.endswith("Run `bin/uv lock`.")


def test_a_lock_out_of_date_after_a_build(checkout: Path, build: Build, lock: Lock) -> None:
    build(checkout)
    lock(checkout)
    described = (checkout / "backend/pyproject.toml").read_text()
    lock(checkout, "pebble")
    (checkout / "backend/pyproject.toml").write_text(described)
    with pytest.raises(PackageError, match="out of date"):
        build(checkout)


def test_no_lock(checkout: Path, refusal: Callable[..., str]) -> None:
    (checkout / "uv.lock").unlink()
    assert refusal().endswith("Run `bin/uv lock`.")


def test_a_broken_lock(checkout: Path, refusal: Callable[..., str]) -> None:
    (checkout / "uv.lock").write_text("version = ")
    message = refusal()
    assert message.startswith(f"uv cannot read {checkout / 'uv.lock'}: Failed to parse `uv.lock`")


def test_no_code(checkout: Path, refusal: Callable[..., str]) -> None:
    shutil.rmtree(checkout / "backend/src")
    assert (
        refusal() == f"{checkout / 'backend/src'} has no files to package. Run this in a checkout."
    )


def test_code_with_a_syntax_error(checkout: Path, refusal: Callable[..., str]) -> None:
    (checkout / "backend/src/never_imported.py").write_text("def f():\n    retrun 1\n")
    assert refusal() == (
        "backend/src/never_imported.py:2: invalid syntax\n    retrun 1\n           ^"
    )


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        (
            "import rock",
            "ModuleNotFoundError: No module named 'rock' (backend/src/main.py:1). Add its",
        ),
        (
            "import src.rock",
            "ModuleNotFoundError: No module named 'src.rock' (backend/src/main.py:1)",
        ),
        # The environment of the tests has it, but the zip does not.
        ("import pytest", "ModuleNotFoundError: No module named 'pytest' (backend/src/main.py:1)"),
        ("import os\nos.environ['TABLE']", "KeyError: 'TABLE' (backend/src/main.py:2)"),
        ("import os\nos.environ['HOME']", "KeyError: 'HOME' (backend/src/main.py:2)"),
        ("raise SystemExit(0)", "SystemExit: 0 (backend/src/main.py:1)"),
        ("x = 1", "AttributeError: module 'src.main' has no attribute 'handler'"),
        ("def handler(*_): return {'statusCode': 200}", "KeyError: 'body'"),
        (
            "def handler(*_): return {'statusCode': 500, 'body': '{}'}",
            "the answer is 500 {}",
        ),
        (
            "def handler(*_): return {'statusCode': 200, 'body': '\"ok\"'}",
            'the answer is 200 "ok"',
        ),
        ("import os\nos._exit(3)", "the process ended with exit code 3"),
        (
            "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
            "the process ended with exit code -11",
        ),
        (
            "class Invalid(Exception): pass\nraise Invalid('1 error\\ntable\\n  missing')",
            "Invalid: 1 error table missing (backend/src/main.py:2)",
        ),
    ],
)
def test_a_handler_with_a_bad_answer(tmp_path: Path, main: str, reason: str) -> None:
    with pytest.raises(PackageError) as caught:
        check_code_health(tmp_path, main)
    assert str(caught.value).startswith(f"src.main.handler fails the /health check: {reason}")
    assert len(str(caught.value).splitlines()) == 1


def test_a_handler_without_an_answer(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"/health check: no answer within 0\.3 s"):
        check_code_health(tmp_path, "import time\ntime.sleep(60)", timeout=0.3)


def check_code_health(folder: Path, main: str, timeout: float = 60) -> None:
    """Run the /health check on a zip with only this code."""
    (folder / "src").mkdir()
    (folder / "src/main.py").write_text(main)
    archive, installed = folder / "function.zip", folder / "installed"
    append_files(archive, folder, ["src/main.py"])
    installed.mkdir()
    request = HealthRequest(
        task=folder / "task", dependencies=installed, environment={}, timeout=timeout
    )
    check_health(archive, request, HOST)


def test_a_missing_variable(refusal: Callable[..., str]) -> None:
    assert "KeyError: 'STAGE' (backend/src/main.py:" in refusal(environment={})


@pytest.mark.parametrize(
    ("file", "header", "reason"),
    [
        ("ore.abi3.so", AARCH64_HEADER, "for aarch64, but the function runs on x86_64."),
        ("libore.so.1.2", AARCH64_HEADER, "for aarch64, but the function runs on x86_64."),
        (
            "ore.cpython-311-x86_64-linux-gnu.so",
            X86_64_HEADER,
            "for cpython-311, but the function runs on",
        ),
        (
            "ore.cpython-313t-x86_64-linux-gnu.so",
            X86_64_HEADER,
            "for cpython-313t, but the function runs on",
        ),
        (
            "ore.pypy310-pp73-x86_64-linux-gnu.so",
            X86_64_HEADER,
            "for pypy310, but the function runs on",
        ),
        ("ore.so", b"MZ", "not for Linux."),
    ],
)
def test_a_shared_object_for_another_platform(
    tmp_path: Path, file: str, header: bytes, reason: str
) -> None:
    archive = write_zip(tmp_path, {f"src/{file}": header})
    with pytest.raises(PackageError) as caught:
        check_shared_objects(archive, Target())
    message = str(caught.value)
    assert message.startswith(f"src/{file} is {reason}")
    assert message.endswith("Pin another version in backend/pyproject.toml and run `bin/uv lock`.")


def write_zip(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "function.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in {"src/main.py": b"", **files}.items():
            archive.writestr(name, content)
    return path


def test_a_shared_object_of_this_machine_for_another(
    checkout: Path, refusal: Callable[..., str], build: Build
) -> None:
    (checkout / "backend/src/ore.abi3.so").write_bytes(X86_64_HEADER)
    assert "is for x86_64, but the function runs on aarch64." in refusal(
        target=Target(architecture="arm64")
    )
    assert build(checkout).size


def test_a_zip_over_its_unzipped_budget(checkout: Path, refusal: Callable[..., str]) -> None:
    (checkout / "backend/src/zeros.bin").write_bytes(bytes(3 * 1024**2))
    assert re.fullmatch(
        r"The zip is 3\.0 MB unzipped; the limit is 2 MB\. Largest packages: src 3\.0 MB, "
        r"pebble 0\.0 MB\. Remove something from backend/pyproject\.toml or backend/src, or "
        r"raise the stage setting packageMaxUnzipped\.",
        refusal(budget=Budget(unzipped=2)),
    )


def test_a_zip_over_its_zipped_budget(checkout: Path, refusal: Callable[..., str]) -> None:
    (checkout / "backend/src/noise.bin").write_bytes(os.urandom(3 * 1024**2))
    message = refusal(budget=Budget(zipped=2))
    assert message.startswith("The zip is 3.0 MB zipped; the limit is 2 MB. Largest packages:")
    assert message.endswith("or raise the stage setting packageMaxZipped.")


def test_a_zip_over_budget_names_its_ten_largest_packages(tmp_path: Path) -> None:
    rocks = {f"rock{number:02}/zeros.bin": bytes(number * 105_000) for number in range(1, 13)}
    archive = write_zip(tmp_path, rocks)
    write_manifest(archive, ORIGIN)
    with pytest.raises(PackageError) as caught:
        check_size(archive, Budget(unzipped=7))
    named = re.findall(r"(rock\d+) (\d\.\d) MB", str(caught.value))
    assert named == [(f"rock{number:02}", f"{number / 10:.1f}") for number in range(12, 2, -1)]


def test_a_zip_over_a_budget_lowered_since(checkout: Path, build: Build) -> None:
    first = build(checkout)
    with pytest.raises(PackageError, match="unzipped; the limit is"):
        build(checkout, budget=Budget(unzipped=0.001))
    assert build(checkout).path == first.path


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            "boto3.client('s3')",
            "creates a client of s3, but the zip leaves out its data. Add it to",
        ),
        ("boto3.client(service_name='sqs')", "creates a client of sqs, but the zip leaves"),
        ("boto3.Session().client('s3')", "creates a client of s3,"),
        ("botocore.session.get_session().create_client('s3')", "creates a client of s3,"),
        ("client('s3')", "creates a client of s3,"),
        ("boto3.client(SERVICE)", "creates a client without a literal service name"),
        ("boto3.resource('dynamodb')", "creates a boto3 resource, but the zip leaves out"),
    ],
)
def test_a_client_of_a_service_without_data_in_the_zip(call: str, reason: str) -> None:
    source = f"def connect():\n    import boto3\n    return {call}\n"
    with pytest.raises(PackageError) as caught:
        check_services({"src/never_called.py": source.encode()})
    assert str(caught.value).startswith(f"backend/src/never_called.py:3 {reason}")


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("import ecdsa", "ecdsa"),
        ("import rsa.key as keys", "rsa"),
        ("from pyasn1.codec import der", "pyasn1"),
        ("from pydantic import v1", "pydantic.v1"),
        ("from pydantic.v1.fields import Field", "pydantic.v1"),
    ],
)
def test_an_import_of_an_omitted_module(code: str, module: str) -> None:
    source = f"import json\ndef never_called():\n    {code}\n"
    with pytest.raises(PackageError) as caught:
        check_imports({"src/never_imported.py": source.encode()})
    message = str(caught.value)
    assert message.startswith(
        f"backend/src/never_imported.py:3 imports {module}, but the zip leaves it out: "
    )
    assert message.endswith("remove it from the list in infra/package/omissions.py.")


@pytest.mark.parametrize(
    ("code", "reason"),
    [("import rsa", "imports rsa, but"), ("import boto3\nboto3.client('s3')", "creates a client")],
)
def test_unused_code_is_checked_too(
    checkout: Path, refusal: Callable[..., str], code: str, reason: str
) -> None:
    (checkout / "backend/src/never_imported.py").write_text(code)
    assert reason in refusal()


def test_a_name_similar_to_an_omitted_module_is_allowed() -> None:
    source = (
        "def never_called():\n    import rsa_of_ours\n    from . import ecdsa\n    import cffi2"
    )
    check_imports({"src/never_imported.py": source.encode()})


def test_a_client_of_a_service_in_use_is_allowed() -> None:
    source = "def connect(other):\n    import boto3\n    other.client()\n"
    for service in SERVICES:
        source += f"    boto3.client({service!r})\n"
    check_services({"src/never_called.py": source.encode()})


def test_a_dependency_in_the_folder_of_the_functions_code(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, refusal: Callable[..., str]
) -> None:
    publish_wheel("squatter", {"src/main.py": ""})
    lock(checkout, "pebble", "squatter")
    assert "installs a top-level `src`" in refusal()
