"""The end of a tier: its bucket is emptied by the page's command, old versions too."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.bootstrap.settings import parse_bootstrap_settings
from infra.paths import ROOT
from portfolio.local.emulator import ACCESS_KEY, run_emulator
from tests.bootstrap.bootstrap_registration import tier_config

PAGE = (ROOT / "docs" / "bootstrap.md").read_text()
REGION = "us-east-1"


def bucket_of_the_page() -> str:
    settings = parse_bootstrap_settings(tier_config("dev"))
    return f"{settings.name}-state-{settings.account}"


@pytest.fixture
def uv(tmp_path: Path) -> Path:
    """A checkout whose `bin/uv run python` is this Python."""
    program = tmp_path / "bin/uv"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nshift 2\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    return tmp_path


def test_the_bucket_is_emptied_of_old_versions_and_of_what_is_deleted(uv: Path) -> None:
    (command,) = re.findall(r"^bin/uv run python .*\\\n.*\n", PAGE, re.MULTILINE)
    bucket = bucket_of_the_page()
    with run_emulator() as emulator:
        session: Any = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
        s3 = session.client("s3", endpoint_url=emulator.endpoint)
        s3.create_bucket(Bucket=bucket)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        for body in (b"old", b"new"):
            s3.put_object(Bucket=bucket, Key="state", Body=body)
        s3.delete_object(Bucket=bucket, Key="state")
        here = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": emulator.endpoint}
        own = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": ACCESS_KEY}
        subprocess.run(["bash", "-c", command], cwd=uv, env=here | own, check=True)
        # AWS deletes no bucket that has a version left.
        left = s3.list_object_versions(Bucket=bucket)
        assert left.get("Versions", []) + left.get("DeleteMarkers", []) == []
