"""Fixtures of the folder: the tiny workspace, for builds in containers."""

from tests.package.tiny_workspace import *  # noqa: F403 - its fixtures
