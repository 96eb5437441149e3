"""One rule for the function's own code: links, files unknown to git, keys, odd files."""

import os
import shutil
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Final

import pytest

from infra.errors import PackageError, ToolMissingError
from infra.package.sources.reading import read_sources
from tests.checkout import git, track

# pragma: allowlist nextline secret
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nmade up\n-----END OPENSSH PRIVATE KEY-----\n"

_LONGEST: Final = 20
"""Seconds for a test."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    (folder / "backend/src/api").mkdir(parents=True)
    for name in ("__init__.py", "main.py", "api/__init__.py", "api/blog.py"):
        (folder / "backend/src" / name).write_text(f"NAME = {name!r}\n")
    git(folder, "init", "--quiet")
    track(folder)
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """Return a repository with a little code, all of it tracked."""
    return shutil.copytree(template, tmp_path / "project")


@pytest.fixture
def src(project: Path) -> Path:
    return project / "backend/src"


CODE = ["src/__init__.py", "src/api/__init__.py", "src/api/blog.py", "src/main.py"]


def names(project: Path) -> list[str]:
    return sorted(read_sources(project).files)


def left_out(project: Path) -> dict[str, str]:
    return {name: str(reason) for name, reason in read_sources(project).left_out.items()}


@pytest.fixture(autouse=True)
def time_limit() -> Generator[None]:
    """Fail a test of links that are followed forever; the others take a moment."""

    def fail(_number: int, _frame: FrameType | None) -> None:
        pytest.fail("the sources are read forever")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def refusal(project: Path) -> str:
    with pytest.raises(PackageError) as caught:
        read_sources(project)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_a_linked_folder_and_a_linked_file_are_followed(project: Path, src: Path) -> None:
    (project / "shared/deep").mkdir(parents=True)
    (project / "shared/deep/table.json").write_text("{}")
    (src / "shared").symlink_to("../../shared")
    (src / "again.json").symlink_to(src / "shared/deep/table.json")
    track(project)
    files = read_sources(project).files
    assert sorted(files) == [
        *("src/__init__.py", "src/again.json", "src/api/__init__.py", "src/api/blog.py"),
        *("src/main.py", "src/shared/deep/table.json"),
    ]
    assert files["src/again.json"] == b"{}"


def test_the_code_itself_may_be_a_link(project: Path, src: Path) -> None:
    src.rename(project / "code")
    src.symlink_to("../code")
    track(project)
    assert names(project) == CODE


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/etc/hostname", "is a link to /etc/hostname, out of the checkout. "),
        ("../../../outside", "/outside, out of the checkout. "),
        ("nowhere", "is a link to nowhere, and nothing is there. "),
        ("main.py/nowhere", "is a link to main.py/nowhere, and nothing is there. "),
        ("odd", "is a link to odd, in a circle. "),
    ],
)
def test_another_link_is_refused_by_name(
    project: Path, src: Path, target: str, reason: str
) -> None:
    (project.parent / "outside").mkdir()
    (src / "odd").symlink_to(target)
    message = refusal(project)
    assert message.startswith("backend/src/odd is a link to ")
    assert reason in message
    assert message.endswith("Put a file there, or remove the link.")


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_link_to_a_folder_above_it_is_refused(project: Path, src: Path, target: str) -> None:
    (src / "api/loop").symlink_to(target)
    track(project)
    assert refusal(project).startswith("backend/src/api/loop/")
    assert "is a link to a folder above it." in refusal(project)


def test_links_in_a_circle_of_folders_are_refused(project: Path, src: Path) -> None:
    for here, there in (("one", "two"), ("two", "one")):
        (project / here).mkdir()
        (project / here / "next").symlink_to(f"../{there}")
    (src / "one").symlink_to("../../one")
    track(project)
    assert "backend/src/one/next/next/ is a link to a folder above it." in refusal(project)


def test_an_editors_lock_is_no_link_to_follow(project: Path, src: Path) -> None:
    (src / ".#main.py").symlink_to("user@host.1234:5678")
    assert names(project) == CODE
    assert left_out(project) == {}


def test_what_git_does_not_know_is_left_out_and_named(project: Path, src: Path) -> None:
    (project / ".gitignore").write_text("*.log\n__pycache__/\n")
    (src / "notes.txt").touch()
    (src / "trace.log").touch()
    (src / "drafts/deep").mkdir(parents=True)
    (src / "drafts/deep/one.md").touch()
    (src / "removed/__pycache__").mkdir(parents=True)
    (src / "removed/__pycache__/old.cpython-312.pyc").touch()
    (src / "empty").mkdir()
    assert names(project) == CODE
    assert read_sources(project).notes() == [
        "left out, not in git: backend/src/drafts/, backend/src/notes.txt, backend/src/trace.log"
    ]


def test_a_link_and_its_target_must_both_be_in_git(project: Path, src: Path) -> None:
    (project / "shared").mkdir()
    (project / "shared/one.txt").touch()
    track(project)
    (src / "by_a_new_link.txt").symlink_to("../../shared/one.txt")
    (src / "by_a_new_folder").symlink_to("../../shared")
    git(project, "add", "backend")
    assert left_out(project) == {}
    (project / "shared/two.txt").touch()
    (src / "unknown").symlink_to("../../shared")
    assert left_out(project) == {
        "backend/src/by_a_new_folder/two.txt": "not in git",
        "backend/src/unknown/": "not in git",
    }


def test_a_new_file_counts_as_soon_as_git_knows_it(project: Path, src: Path) -> None:
    (src / "new.py").touch()
    assert names(project) == CODE
    git(project, "add", "--intent-to-add", "backend/src/new.py")
    assert "src/new.py" in names(project)
    git(project, "rm", "--cached", "--quiet", "backend/src/new.py")
    assert names(project) == CODE


SECRETS = [
    *(".env", ".env.local", ".envrc", "prod.env", "server.pem", "server.KEY", "store.p12"),
    *("id_rsa", "id_ed25519.pub", "credentials", "credentials.json", "secrets.yaml", ".npmrc"),
]


@pytest.mark.parametrize("has_repository", [True, False])
def test_what_looks_like_a_key_is_left_out_and_named_even_if_git_knows_it(
    project: Path, src: Path, *, has_repository: bool
) -> None:
    for name in SECRETS:
        (src / name).touch()
    (src / "signing.txt").write_text(KEY)
    (src / "harmless.txt").symlink_to(".env")
    for name in ("credentials.py", "secrets.py", "keys.txt"):
        (src / name).touch()
    (src / "credentials_store").mkdir()
    track(project)
    if not has_repository:
        shutil.rmtree(project / ".git")
    found = left_out(project)
    assert set(found.values()) == {"like a key or an environment file"}
    assert {Path(name).name for name in found} == {*SECRETS, "signing.txt", "harmless.txt"}
    assert {"src/credentials.py", "src/secrets.py", "src/keys.txt"} < set(names(project))


def test_hidden_folders_are_passed_over(project: Path, src: Path) -> None:
    (src / ".env/lib").mkdir(parents=True)
    (src / ".env/lib/module.py").touch()
    shutil.rmtree(project / ".git")
    assert (names(project), left_out(project)) == (CODE, {})


IMPORTS = [
    "import src.api.local",
    "import src.api.local.deep",
    "from src.api.local import value",
    "from src.api import local",
    "from . import local",
    "from .local import value",
    "from ..api import local",
    "MODULES = ['src.api.local']",
]


@pytest.mark.parametrize("file", ["local.py", "local/__init__.py", "local.abi3.so"])
def test_an_import_of_a_file_that_is_left_out_is_an_error(
    project: Path, src: Path, file: str
) -> None:
    (src / "api" / file).parent.mkdir(exist_ok=True)
    (src / "api" / file).touch()
    place = f"backend/src/api/{'local/' if '/' in file else file}"
    for line in IMPORTS:
        (src / "api/blog.py").write_text(f"import json\n\n\ndef never_called():\n    {line}\n")
        message = refusal(project)
        assert message.startswith("backend/src/api/blog.py:5 imports src.api.local")
        assert message.endswith(
            f", but {place} is not in git, so the zip leaves it out. Run `git add --force {place}`."
        )
    git(project, "add", "--force", place)
    assert f"src/api/{file}" in names(project)


def test_other_imports_are_none_of_a_file_that_is_left_out(project: Path, src: Path) -> None:
    (src / "api/local.py").touch()
    (src / "api/blog.py").write_text(
        "import json, local, api.local, src.main\nfrom . import blog\nfrom local import src\n"
    )
    assert left_out(project) == {"backend/src/api/local.py": "not in git"}


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        listener.bind(os.path.relpath(path))


@pytest.mark.parametrize("make", [make_pipe, make_socket])
def test_a_pipe_and_a_socket_are_refused_by_name(
    project: Path, src: Path, make: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(src)  # the path of a socket is short
    make(src / "odd")
    assert refusal(project) == (
        "backend/src/odd is a socket, a pipe or a device. Move it out of backend/src."
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make a device")
def test_a_device_is_refused_by_name(project: Path, src: Path) -> None:
    os.mknod(src / "odd", 0o20644, os.makedev(1, 3))
    assert refusal(project).startswith("backend/src/odd is a socket, a pipe or a device.")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("api/blog.py", "api/Blog.py"),
        ("api/blog.py", "API/new.py"),
        ("caf\xe9.py", "cafe\u0301.py"),
    ],
)
def test_names_that_another_machine_mixes_up_are_refused(
    project: Path, src: Path, one: str, other: str
) -> None:
    for name in (one, other):
        (src / name).parent.mkdir(exist_ok=True)
        (src / name).touch()
    track(project)
    message = refusal(project)
    assert "differ only in case, and macOS and Windows keep only one" in message
    folders = {name.partition("/")[0] for name in (one, other)}
    assert all(f"backend/src/{folder}" in message for folder in folders)


def test_a_name_that_is_not_text_is_refused(project: Path, src: Path) -> None:
    (src / os.fsdecode(b"caf\xe9.py")).touch()
    track(project)
    assert refusal(project) == "The name of backend/src/caf\udce9.py is not UTF-8. Rename it."


def test_a_file_that_cannot_be_read_is_named() -> None:
    with TemporaryDirectory() as folder, as_a_user_without_rights(Path(folder)):
        source = Path(folder) / "backend/src/main.py"
        source.parent.mkdir(parents=True)
        source.touch(mode=0o000)
        assert refusal(Path(folder)) == (
            f"{source}: Permission denied. Change its owner (chown) or its mode (chmod), or use a "
            "checkout of your own."
        )


@contextmanager
def as_a_user_without_rights(folder: Path) -> Generator[None]:
    """Give a folder to another user, and act as that user, if this one may do everything."""
    is_root = os.getuid() == 0
    if is_root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_without_git_each_file_is_added_and_a_note_says_so(project: Path, src: Path) -> None:
    (src / "notes.txt").touch()
    shutil.rmtree(project / ".git")
    sources = read_sources(project)
    assert sorted(sources.files) == sorted([*CODE, "src/notes.txt"])
    (note,) = sources.notes()
    assert note == (
        "no git repository here: each file of backend/src is added, except keys and environment "
        "files"
    )


def test_a_repository_around_it_counts_only_if_it_tracks_the_code(project: Path) -> None:
    shutil.rmtree(project / ".git")
    git(project.parent, "init", "--quiet")
    assert not read_sources(project).has_repository
    track(project.parent)
    (project / "backend/src/new.py").touch()
    assert left_out(project) == {"backend/src/new.py": "not in git"}


def test_a_repository_without_the_code_is_an_error(project: Path) -> None:
    git(project, "rm", "--cached", "-r", "--quiet", ".")
    assert refusal(project) == (
        f"git tracks no file of {project / 'backend/src'}. Run `git add backend`."
    )


def test_git_is_needed_for_a_repository_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissingError, match="git is not on PATH, but the zip gets only"):
        read_sources(project)
    shutil.rmtree(project / ".git")
    assert names(project) == CODE


def test_a_damaged_repository_is_an_error_with_gits_reason(project: Path) -> None:
    (project / ".git/index").write_bytes(b"made up")
    message = refusal(project)
    assert message.startswith(f"git cannot list the files of {project}: ")
    assert "index file" in message


def test_a_linked_worktree_has_a_list_of_its_own(project: Path) -> None:
    commit(project)
    linked = project.parent / "linked"
    git(project, "worktree", "add", "--quiet", "--detach", str(linked))
    (linked / "backend/src/new.py").touch()
    (project / "backend/src/new.py").touch()
    git(project, "add", "--all")
    assert names(linked) == CODE
    assert "src/new.py" in names(project)


def test_gits_variables_of_another_repository_change_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    (project / "backend/src/notes.txt").touch()
    for name, value in (("GIT_DIR", other / ".git"), ("GIT_WORK_TREE", other)):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    assert (names(project), left_out(project)) == (CODE, {"backend/src/notes.txt": "not in git"})


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
def test_a_checkout_of_another_user_is_read(project: Path) -> None:
    for path in (project, *project.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    (project / "backend/src/notes.txt").touch()
    assert left_out(project) == {"backend/src/notes.txt": "not in git"}


@pytest.fixture
def submodule(project: Path) -> Path:
    """Return the folder of a submodule in the code."""
    other = project.parent / "other"
    other.mkdir()
    (other / "vendored.py").touch()
    git(other, "init", "--quiet")
    track(other)
    commit(other)
    allow = ("-c", "protocol.file.allow=always")
    git(project, *allow, "submodule", "--quiet", "add", str(other), "backend/src/vendored")
    return project / "backend/src/vendored"


def test_a_submodule_counts_and_is_refused_without_its_files(
    project: Path, submodule: Path
) -> None:
    (submodule / "notes.txt").touch()
    assert "src/vendored/vendored.py" in names(project)
    assert left_out(project) == {"backend/src/vendored/notes.txt": "not in git"}
    git(project, "submodule", "--quiet", "deinit", "--force", "backend/src/vendored")
    assert refusal(project) == (
        "backend/src/vendored/ is a git submodule without its files. "
        "Run `git submodule update --init`."
    )


def test_a_repository_in_the_code_that_is_not_a_submodule_is_left_out(
    project: Path, src: Path
) -> None:
    (src / "other").mkdir()
    (src / "other/module.py").touch()
    git(src / "other", "init", "--quiet")
    track(src / "other")
    assert left_out(project) == {"backend/src/other/": "not in git"}


def commit(folder: Path) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    git(folder, *who, "commit", "--quiet", "--message", "code")
