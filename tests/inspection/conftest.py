"""The tiny workspace of the package tests, whose zips are inspected."""

from tests.package.tiny_workspace import *  # noqa: F403 - its fixtures
