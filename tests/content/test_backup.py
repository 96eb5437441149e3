"""The backup of the workflow: exported, encrypted, decrypted and restored."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infra.paths import ROOT
from tests.content.content_files import file_of, made_up_records

if TYPE_CHECKING:
    from tests.content.content_files import ContentStage

FILE = file_of(made_up_records(3))


@pytest.fixture
def gpg_home() -> Iterator[Path]:
    """A new keyring; its path is short, because gpg's socket is in it."""
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        yield Path(folder)
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=True)


@pytest.mark.real
def test_a_backup_is_restored_with_the_private_key_only(
    stage: "ContentStage", other_stage: "ContentStage", gpg_home: Path, tmp_path: Path
) -> None:
    def gpg(*arguments: str) -> bytes:
        command = ["gpg", "--homedir", str(gpg_home), "--batch", "--quiet", *arguments]
        return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout

    gpg("--passphrase", "", "--quick-generate-key", "backup", "future-default", "default", "never")
    key = gpg("--armor", "--export", "backup").decode()
    file, restored = tmp_path / "prod.jsonl.gpg", tmp_path / "prod.jsonl"
    restored.write_bytes(FILE)
    stage.run("import", str(restored))

    back_up(stage, file, key)
    assert b"Serverless" not in file.read_bytes()
    with tempfile.TemporaryDirectory(prefix="gpg-") as elsewhere:
        stranger = ["gpg", "--homedir", elsewhere, "--batch", "--decrypt", str(file)]
        assert subprocess.run(stranger, capture_output=True, check=False).returncode != 0
    restored.write_bytes(gpg("--decrypt", str(file)))
    other_stage.run("import", str(restored))
    restored.unlink()
    other_stage.run("export", str(restored))
    assert restored.read_bytes() == FILE


def back_up(stage: "ContentStage", file: Path, key: str) -> None:
    """Run the workflow's script on a local stage, with a `bin/portfolio` that chooses its port."""
    program = file.parent / "bin/portfolio"
    program.parent.mkdir(exist_ok=True)
    command = f'exec {sys.executable} -m portfolio "$@" --port {stage.port}'
    program.write_text(f"#!/bin/sh\ncd {ROOT} && {command}\n")
    program.chmod(0o755)
    subprocess.run(
        [str(ROOT / ".github" / "scripts" / "back_up.sh"), "local", str(file)],
        cwd=file.parent,
        env={**os.environ, "BACKUP_PUBLIC_KEY": key},
        check=True,
        timeout=120,
    )
