"""Files and processes of a local stage, searched by another user of the machine."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from infra.paths import CACHE

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

NOBODY: Final = 65534
SWEEP: Final = """
secrets=$(cat)
{
    find /tmp /dev/shm "$1" -name site-packages -prune -o \
        -newermt "@$2" -type f -readable -print0 2>/dev/null
    printf '%s\\0' /proc/[0-9]*/cmdline /proc/[0-9]*/environ
} | xargs -0 -x -n 20000 -s 1000000 grep --text -lsF -f <(printf %s "$secrets")
"""
"""Prints the files with a secret: of the cache $1 and the temporary folders, since the time $2.

xargs runs grep once, which reads the secrets once; it fails if there are too many files.
"""


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder of temporary files that all users can read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def secrets_of(served: "ServedStage") -> list[str]:
    """Return all secrets of a stage."""
    stage, running = served.stage, served.running
    functions = stage.code.clients.functions
    name = stage.outputs["function_name"]
    variables = functions.get_function_configuration(FunctionName=name).get("Environment", {})
    assert running.status_secret
    return [
        stage.emulator.endpoint.rpartition("/")[2],
        stage.owner.password,
        running.status_secret,
        variables.get("Variables", {})["SESSION_KEY"],
    ]


if os.geteuid() == 0 and Path("/proc/self/environ").exists():  # Only root can become nobody.

    def test_another_user_finds_no_secret(local_stage: "ServedStage", readable: Path) -> None:
        secrets = secrets_of(local_stage)
        assert all(len(secret) >= 16 for secret in secrets)
        since = local_stage.stage.emulator.log.parent.stat().st_ctime
        for secret in secrets:
            (readable / f"{secrets.index(secret)}").write_text(f"secret={secret};")
        done = subprocess.run(
            ["bash", "-c", SWEEP, "bash", str(CACHE), str(int(since) - 60)],
            input="\n".join(secrets),
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        # The sweep works: it finds the files that it may read, and those alone.
        assert sorted(done.stdout.split()) == sorted(map(str, readable.iterdir())), done.stderr
