"""The tiny workspace of the package tests, whose zips are inspected."""

from tests.package.tiny_workspace import (
    build,
    built_dependencies,
    checkout,
    index,
    lock,
    lock_texts,
    make_checkout,
    publish_wheel,
    ready,
    uv_cache,
)

__all__ = [
    "build",
    "built_dependencies",
    "checkout",
    "index",
    "lock",
    "lock_texts",
    "make_checkout",
    "publish_wheel",
    "ready",
    "uv_cache",
]
