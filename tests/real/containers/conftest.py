"""The tiny workspace, built in containers too."""

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
