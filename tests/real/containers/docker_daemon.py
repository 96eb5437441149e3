"""Docker for tests: the running one, or a temporary one."""

import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@contextmanager
def running_docker() -> Generator[str]:
    """Yield the value of DOCKER_HOST for an engine, or "" for the default one.

    Skip the tests if no engine runs and none can be started.
    """
    if shutil.which("docker") and _answers(os.environ.get("DOCKER_HOST", "")):
        yield os.environ.get("DOCKER_HOST", "")
    elif shutil.which("docker") and shutil.which("dockerd") and os.getuid() == 0:
        # Overlays cannot be nested, and pytest's folder may be on an overlay.
        with TemporaryDirectory(prefix="dockerd-") as folder, _daemon(Path(folder)) as host:
            yield host
    else:
        pytest.skip("containers need a running Docker, or docker.io installed and root")


@contextmanager
def _daemon(folder: Path) -> Generator[str]:
    host = f"unix://{folder}/docker.sock"
    command = [
        # It ends with this process, even if the process is killed.
        *("setpriv", "--pdeathsig=TERM", "dockerd", "--host", host, "--pidfile", folder / "pid"),
        *("--data-root", folder / "data", "--exec-root", folder / "exec"),
        *("--bridge=none", "--iptables=false", "--ip6tables=false"),
    ]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not _answers(host):
            said = (folder / "log").read_text()[-2000:]
            assert daemon.poll() is None, f"dockerd has ended: {said}"
            assert time.monotonic() < deadline, f"dockerd does not answer: {said}"
            time.sleep(0.1)
        yield host
    finally:
        daemon.terminate()
        daemon.wait(30)
        _unmount(folder)


def _unmount(folder: Path) -> None:
    """Unmount the mounts left by a daemon, such as the network namespace of its containers."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for path in reversed(mounted):
        if path.startswith(f"{folder}/"):
            subprocess.run(["umount", "--lazy", path], check=True)


def _answers(host: str) -> bool:
    environment = os.environ | ({"DOCKER_HOST": host} if host else {})
    return (
        subprocess.run(
            ["docker", "info"], env=environment, capture_output=True, check=False
        ).returncode
        == 0
    )
