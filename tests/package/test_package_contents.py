"""The installed files in the zip, and the reasons of uv for a failed install."""

import site
from pathlib import Path

import pytest

from infra.package.needed_files import is_needed
from infra.package.omissions import OMITTED_DISTRIBUTIONS, OMITTED_MODULES
from infra.package.services import SERVICES
from infra.package.uv import summarise
from infra.paths import BACKEND


@pytest.mark.parametrize(
    "name",
    [
        "six.py",
        "boto3/session.py",
        "botocore/cacert.pem",
        "botocore/data/endpoints.json",
        "botocore/data/partitions.json",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "botocore/data/cognito-idp/2016-04-18/endpoint-rule-set-1.json.gz",
        "boto3-1.44.5.dist-info/METADATA",
        "boto3-1.44.5.dist-info/licenses/docs/LICENSE",
        "boto3-1.44.5.dist-info/NOTICE",
        "opentelemetry_api-1.45.2.dist-info/entry_points.txt",
        "numpy.libs/libgfortran.so.5",
        "PIL/.libs/libjpeg.so.62",
        "starlette/testclient.py",
        "package/contest.py",
        "package/bin/tool.py",
        "_cffi_backend.cpython-312-x86_64-linux-gnu.so",
        "cffi-2.1.1.dist-info/licenses/LICENSE",
        "dateutil/tz/tz.py",
        "pydantic/version.py",
        "rsaconfig/rsa/v1.py",
    ],
)
def test_needed(name: str) -> None:
    assert is_needed(name)


@pytest.mark.parametrize(
    "name",
    [
        ".lock",
        "bin/fastapi",
        "ecdsa/test_keys.py",
        "package/tests/data.json",
        "package/test/__init__.py",
        "package/conftest.py",
        "package/py.typed",
        "package/module.pyi",
        "package/__pycache__/module.cpython-312.pyc",
        "package/legacy.pyc",
        "cffi/_cffi_include.h",
        "fastapi/.agents/skills/fastapi/SKILL.md",
        "boto3/data/s3/2006-03-01/resources-1.json",
        "boto3/examples/s3.rst",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/dynamodb/2012-08-10/examples-1.json",
        "boto3-1.44.5.dist-info/RECORD",
        "boto3-1.44.5.dist-info/INSTALLER",
        "boto3-1.44.5.dist-info/REQUESTED",
        "boto3-1.44.5.dist-info/direct_url.json",
        "boto3-1.44.5.dist-info/WHEEL",
        "boto3-1.44.5.dist-info/uv_cache.json",
        "cffi/api.py",
        "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
        "pydantic/mypy.py",
        "pydantic/v1/__init__.py",
        "rsa/key.py",
        "rsa-4.9.1.dist-info/METADATA",
    ],
)
def test_left_out(name: str) -> None:
    assert not is_needed(name)


@pytest.mark.parametrize("module", OMITTED_DISTRIBUTIONS | OMITTED_MODULES)
def test_each_omitted_module_is_installed(module: str) -> None:
    # The environment of the tests comes from the same lock.
    (packages,) = site.getsitepackages()
    path = Path(packages, *module.split("."))
    assert path.is_dir() or path.with_suffix(".py").is_file()


def test_each_service_in_the_zip_is_used() -> None:
    sources = "".join(path.read_text() for path in (BACKEND / "src").rglob("*.py"))
    assert {service for service in SERVICES if f'"{service}"' not in sources} == set()


@pytest.mark.parametrize(
    ("stderr", "summary"),
    [
        ("", "uv failed without a message"),
        ("panicked", "panicked"),
        ("warning: x\nerror: Broken.\n\nhint: fix it", "Broken"),
        ("error: Failed\n  cause: Deep\n  cause: Deeper.\n", "Failed: Deeper"),
    ],
)
def test_an_error_of_uv_is_summarised_in_one_line(stderr: str, summary: str) -> None:
    assert summarise(stderr) == summary
