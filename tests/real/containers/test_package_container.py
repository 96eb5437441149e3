"""The container engine gives the same bytes as the host engine."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from infra.errors import PackageError
from infra.package import Package, Target
from infra.package.archive import append_files
from infra.package.cache.downloads import bound_downloads, download_cache
from infra.package.cache.storage import clear_caches
from infra.package.container_engine import ContainerEngine, find_container_engine
from infra.package.engine import HealthRequest, Installation
from infra.package.health import check_health
from infra.package.host_engine import HOST
from infra.package.lock import export_requirements
from infra.package.manifest import read_manifest
from infra.paths import ROOT
from tests.package.quarry import assert_tried_on_this_machine, publish_quarry
from tests.real.containers.build_image import load_stand_in
from tests.real.containers.docker_daemon import running_docker
from tests.real.containers.image_registry import Registry, running_registry

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

NOBODY = 65534
BUILD = """
import os, sys
from pathlib import Path
from infra.package import Target, build_package
from infra.package.container_engine import find_container_engine
os.umask(0o077)
engine = find_container_engine("docker", sys.argv[2], print)
environment = {"STAGE": "made-up"}
package = build_package(Target(), environment=environment, engine=engine, project=Path(sys.argv[1]))
print(package.sha256)
"""
LOOK_AROUND = """
import json, os
from pathlib import Path

def write(path):
    try:
        Path(path).write_text("made")
    except OSError as error:
        return error.strerror
    return "written"

def read(name):
    path = Path(os.environ[name])
    return path.read_text() if path.is_file() else sorted(os.listdir(path))

print(json.dumps({
    "environment": dict(os.environ),
    "user": [os.getuid(), os.getgid()],
    "written": {path: write(path) for path in
        ("/project/backend/src/main.py", "/project/new", "/requirements.txt", "/output/new")},
    "uv": read("UV_CONFIG_FILE").splitlines(),
    "certificates": [read(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")],
}))
"""
IN_THE_IMAGE = """
import json
import os
import socket
import sys

import pebble

assert sys.executable == sys.argv[0] or sys.executable.startswith("/var/lang/bin/python3.12")
assert __file__ == "/var/task/src/main.py", __file__
assert pebble.__file__ == "/var/task/pebble/__init__.py", pebble.__file__
assert not os.access("/var/task/src", os.W_OK) and not os.access("/var/task/pebble", os.W_OK)
assert [name for _, name in socket.if_nameindex()] == ["lo"]
assert not {"HOME", "HOSTNAME"} & set(os.environ), os.environ
assert os.environ["STAGE"] == "made-up"


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"status": "healthy"})}
"""


@pytest.fixture(scope="session")
def image() -> Iterator[str]:
    """Yield the build image on a running engine: `BUILD_IMAGE`, or the stand-in."""
    with running_docker() as host, pytest.MonkeyPatch.context() as patch:
        if host:
            patch.setenv("DOCKER_HOST", host)
        chosen = os.environ.get("BUILD_IMAGE")
        if not chosen and not (shutil.which("debootstrap") and os.getuid() == 0):
            pytest.skip("the stand-in image needs debootstrap and root (or name a BUILD_IMAGE)")
        yield chosen or load_stand_in()


@pytest.fixture
def engine(image: str) -> ContainerEngine:
    return find_container_engine("docker", image, print)


@pytest.fixture
def installation(checkout: Path, tmp_path: Path) -> Installation:
    """Return the installation of the workspace's dependencies."""
    (tmp_path / "output").mkdir()
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(export_requirements(checkout))
    return Installation(
        requirements=requirements, target=Target(), folder=tmp_path / "output", project=checkout
    )


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running_registry() as running:
        yield running


def test_the_real_package_has_the_bytes_of_the_host_engine(
    build: Build, engine: ContainerEngine, tmp_path: Path
) -> None:
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    from infra.deployment import placeholder_environment  # noqa: PLC0415

    variables = placeholder_environment()
    contained = build(tmp_path, environment=variables, engine=engine)
    hosted = build(ROOT, environment=variables)
    assert contained.sha256 == hosted.sha256
    assert contained.path.name != hosted.path.name, "each engine has its own cache"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can change the user")
def test_another_folder_umask_and_user_do_not_change_the_bytes(
    checkout: Path, tmp_path: Path, build: Build, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted = build(checkout)
    other = shutil.copytree(
        checkout, tmp_path / "a folder, with a comma", ignore=shutil.ignore_patterns(".cache")
    )
    for path in (other, *other.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    cache = tmp_path / "cache-of-nobody"
    cache.mkdir()
    os.chown(cache, NOBODY, NOBODY)
    monkeypatch.setenv("UV_CACHE_DIR", str(cache))
    socket = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
    # This Python may be in root's home folder.
    as_nobody = [
        *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}"),
        f"--groups={Path(socket).stat().st_gid}",
        *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
    ]
    built = subprocess.run(
        [*as_nobody, sys.executable, "-c", BUILD, other, image],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert built.stdout.strip() == hosted.sha256
    assert {path.lstat().st_uid for path in other.rglob("*")} == {NOBODY}


def test_another_image_builds_again_and_the_same_one_does_not(
    checkout: Path, build: Build, engine: ContainerEngine
) -> None:
    first = build(checkout, engine=engine)
    again = build(checkout, engine=engine)
    other = replace(engine, image=replace(engine.image, id=f"{engine.image.reference}"))
    rebuilt = build(checkout, engine=other)
    assert (first.reused, again.reused) == (frozenset(), {"dependencies", "zip"})
    assert (rebuilt.reused, rebuilt.sha256) == (frozenset(), first.sha256)


def test_the_container_sees_the_checkout_read_only_and_the_settings(
    engine: ContainerEngine,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "authority.pem").write_text("trusted")
    (tmp_path / "authorities").mkdir()
    (tmp_path / "authorities/one.pem").touch()
    settings = {
        # pragma: allowlist nextline secret
        "https_proxy": "http://user:secret@127.0.0.1:1",
        "HTTP_PROXY": "http://127.0.0.1:2",
        "NO_PROXY": "127.0.0.1,localhost,::1",
        "UV_DEFAULT_INDEX": "http://127.0.0.1:3/simple",
        "UV_INDEX_OURS_PASSWORD": "secret",
    }
    not_for_it = {
        "AWS_SECRET_ACCESS_KEY": "secret",
        "NETRC": str(tmp_path / "missing"),
        "UV_CREDENTIALS_DIR": str(tmp_path),
        "UV_EXCLUDE_NEWER": "2000-01-01",
    }
    for name, value in (settings | not_for_it).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "uv.toml").write_text(
        'exclude-newer = "2000-01-01"\nindex-url = "http://127.0.0.1:3"'
    )
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "authorities"))
    container = engine.container(installation)
    seen = _run(engine, replace(container, command=["python3.12", "-c", LOOK_AROUND]))
    assert seen["environment"].items() >= settings.items()
    assert not seen["environment"].keys() & not_for_it.keys()
    assert seen["environment"]["UV_CACHE_DIR"] == "/var/cache/uv"
    assert seen["uv"] == ['"index-url" = "http://127.0.0.1:3"']
    assert seen["certificates"] == ["trusted", ["one.pem"]]
    assert seen["user"] == [os.getuid(), os.getgid()]
    assert list(seen["written"].values()) == [*["Read-only file system"] * 3, "written"]
    assert (installation.folder / "new").read_text() == "made"


def _run(engine: ContainerEngine, container: Any) -> Any:
    result = engine.command.run(container)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_packages_are_cached_between_builds(
    engine: ContainerEngine, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert engine.install(installation).returncode != 0
    monkeypatch.delenv("UV_OFFLINE")
    assert engine.install(installation).returncode == 0
    shutil.rmtree(installation.folder)
    installation.folder.mkdir()
    monkeypatch.setenv("UV_OFFLINE", "1")
    result = engine.install(installation)
    assert result.returncode == 0, result.stderr
    assert (installation.folder / "pebble/__init__.py").exists()


def test_cached_packages_have_a_limit_and_are_cleared_with_the_cache(
    checkout: Path, build: Build, engine: ContainerEngine
) -> None:
    build(checkout, engine=engine)
    downloads = download_cache(checkout)
    bound_downloads(checkout)
    assert list(downloads.rglob("pebble/__init__.py"))
    bound_downloads(checkout, limit=1)
    assert not list(downloads.rglob("*.py"))
    (download_cache(checkout) / "kept.whl").write_bytes(bytes(1000))
    assert clear_caches(checkout).freed >= 1000
    assert not list(downloads.rglob("*.whl"))


def test_the_manifest_names_the_image(
    checkout: Path, build: Build, engine: ContainerEngine
) -> None:
    manifest = read_manifest(build(checkout, engine=engine).path)
    assert (manifest["engine"], manifest["image"]) == ("container", engine.image.digest)


def test_the_handler_is_called_inside_the_image(
    checkout: Path, build: Build, engine: ContainerEngine
) -> None:
    (checkout / "backend/src/main.py").write_text(IN_THE_IMAGE)
    assert build(checkout, engine=engine).size


@pytest.mark.parametrize(
    ("main", "reason"),
    [
        (
            "import rock",
            "ModuleNotFoundError: No module named 'rock' (backend/src/main.py:1). Add its",
        ),
        ("import os\nos.environ['HOME']", "KeyError: 'HOME' (backend/src/main.py:2)"),
        ("import os\nos._exit(3)", "the process ended with exit code 3"),
    ],
)
def test_a_handler_with_a_bad_answer(
    checkout: Path, build: Build, engine: ContainerEngine, main: str, reason: str
) -> None:
    (checkout / "backend/src/main.py").write_text(main)
    with pytest.raises(PackageError) as caught:
        build(checkout, engine=engine)
    assert str(caught.value).startswith(f"src.main.handler fails the /health check: {reason}")


def test_a_handler_without_an_answer_leaves_no_container(
    tmp_path: Path, engine: ContainerEngine
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text("import time\ntime.sleep(600)")
    append_files(tmp_path / "function.zip", tmp_path, ["src/main.py"])
    (tmp_path / "installed").mkdir()
    request = HealthRequest(
        task=tmp_path / "task", dependencies=tmp_path / "installed", environment={}, timeout=3
    )
    with pytest.raises(PackageError, match="/health check: no answer within 3 s"):
        check_health(tmp_path / "function.zip", request, engine)
    running = engine.command.call("ps", "--filter", "name=portfolio-package", "--quiet")
    assert running.stdout == ""


def test_a_wheel_for_another_glibc_is_refused_as_on_the_host(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, build: Build, engine: ContainerEngine
) -> None:
    publish_wheel("marl", {"marl.py": ""}, tag="cp312-cp312-manylinux_2_36_x86_64")
    lock(checkout, "marl")
    messages: list[str] = []
    for each in (HOST, engine):
        with pytest.raises(PackageError) as caught:
            build(checkout, engine=each)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert messages[0].startswith("marl 1.0 has no wheel for Python 3.12 on x86_64-manylinux_2_34.")


def test_a_package_for_arm64_is_checked_with_the_same_lock_on_this_machine(
    checkout: Path, lock: Lock, publish_wheel: PublishWheel, build: Build, engine: ContainerEngine
) -> None:
    lock(checkout, "pebble", publish_quarry(publish_wheel))
    assert_tried_on_this_machine(checkout, partial(build, engine=engine))


def test_a_stopped_engine_is_reported_in_one_line(
    image: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody-listens")
    with pytest.raises(PackageError) as caught:
        find_container_engine("docker", image, print)
    message = str(caught.value)
    assert message.startswith("docker does not answer (")
    assert "--engine host" in message
    assert len(message.splitlines()) == 1


@pytest.mark.usefixtures("image")
def test_a_failed_pull_of_an_image_is_reported_in_one_line() -> None:
    said: list[str] = []
    with pytest.raises(PackageError) as caught:
        find_container_engine("docker", "127.0.0.1:9/nowhere", said.append)
    message = str(caught.value)
    assert said == ["image: pulling 127.0.0.1:9/nowhere"]
    assert message.startswith("The image 127.0.0.1:9/nowhere cannot be pulled (")
    assert (
        "choose another image (--image, or packageImage in the stage), or build without" in message
    )
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    ("architecture", "reason"),
    [
        ("amd64", "has no glibc, but uv and the wheels need it"),
        ("riscv64", "is for riscv64: choose an image for x86_64 or arm64"),
    ],
)
@pytest.mark.usefixtures("image")
def test_an_image_of_another_kind_is_refused(
    checkout: Path, build: Build, registry: Registry, architecture: str, reason: str
) -> None:
    registry.publish("tiny", architecture)
    engine = find_container_engine("docker", f"{registry.host}/tiny", print)
    with pytest.raises(PackageError) as caught:
        build(checkout, engine=engine)
    assert reason in str(caught.value)
    assert "(--image, or packageImage in the stage)" in str(caught.value)


@pytest.mark.usefixtures("image")
def test_an_image_is_pulled_once_and_identified_by_its_registrys_digest(registry: Registry) -> None:
    digest = registry.publish("tiny", "amd64")
    assert registry.publish("alike", "amd64", compression=1) != digest
    said: list[str] = []
    alike, named, again, pinned = (
        find_container_engine("docker", f"{registry.host}/{name}", said.append)
        for name in ("alike", "tiny:latest", "tiny:latest", f"tiny@{digest}")
    )
    assert said == [f"image: pulling {registry.host}/{name}" for name in ("alike", "tiny:latest")]
    assert {engine.image.id for engine in (alike, named, again, pinned)} == {named.image.id}
    assert named.image.digest == pinned.image.digest == digest
    assert named.key == {"engine": "container", "image": digest, "image id": named.image.id}
    named.command.call("rmi", "--force", named.image.id)


def test_an_image_without_a_registry_is_identified_by_its_id(image: str) -> None:
    if os.environ.get("BUILD_IMAGE"):
        pytest.skip("only the stand-in has no registry")
    found = find_container_engine("docker", image, print).image
    assert found.digest == found.id


def test_an_image_without_the_functions_python_is_refused(
    engine: ContainerEngine, installation: Installation
) -> None:
    engine = replace(engine, python="python3.99")
    with pytest.raises(PackageError, match=r"has no python3\.99, but the function needs it"):
        engine.install(installation)
    with pytest.raises(PackageError, match=r"docker cannot run the image: .*python3\.99"):
        engine.call_health(
            HealthRequest(
                task=installation.folder, dependencies=installation.folder, environment={}
            )
        )
