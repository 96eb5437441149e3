"""Builds on file systems with other rules for locks and links."""

import errno
import fcntl
import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.package import Package
from infra.package.cache.entries import Cache, Cleared
from portfolio.errors.failures import explain_failure

type Build = Callable[..., Package]


def lock_as_nfs_does(descriptor: int, kind: int) -> None:
    """Refuse an exclusive lock on a file that is not open for writing, and any on a folder."""
    mode = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
    if mode == os.O_RDONLY:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    LOCK(descriptor, kind)


LOCK = fcntl.flock


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", kept=2)


def make(built: Path, _: Path) -> None:
    (built / "file").touch()


def test_locks_hold_where_they_want_a_writable_file(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(fcntl, "flock", lock_as_nfs_does)
    used = cache.build("a", make)
    for key in "bcd":
        cache.build(key, make)
    gc.collect()
    assert sorted(path.name for path in cache.folder.iterdir()) == ["a", "c", "d"]
    assert cache.clear() == Cleared(0, 1)
    assert used.folder.is_dir()
    del used
    assert cache.clear() == Cleared(0, 0)
    assert list(cache.folder.iterdir()) == []
    # The file of the last deletion goes with the next one.
    assert len(list((tmp_path / "cache-locks").iterdir())) == 1


def test_a_file_system_without_locks_is_named(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _kind: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(OSError, match="No locks available") as caught:
        cache.find("a")
    message = explain_failure(caught.value)
    assert message.endswith(": No locks available. Use a checkout on a local disk.")
    assert str(cache.folder.parent) in message


def test_an_entry_that_cannot_be_marked_as_used_is_used(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.build("a", make)

    def refuse(*_arguments: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.find("a")
    assert cache.find("b") is None


def test_without_hard_links_the_build_copies(
    checkout: Path, build: Build, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert build(checkout).sha256 == build(ready).sha256
