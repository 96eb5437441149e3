"""Fixtures of the folder: the tiny workspace, for builds in containers."""

from tests.package.tiny_workspace import (
    build,
    checkout,
    index,
    lock,
    lock_texts,
    make_checkout,
    publish_wheel,
    uv_cache,
)

__all__ = [
    "build",
    "checkout",
    "index",
    "lock",
    "lock_texts",
    "make_checkout",
    "publish_wheel",
    "uv_cache",
]
