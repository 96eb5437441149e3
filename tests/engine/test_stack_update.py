"""Deploying a stage, and deploying it again."""

import shutil

from tests.engine.conftest import NewStack
from tests.engine.stage_stack import StageStack


def test_up_again_changes_nothing_from_another_folder_either(dev: StageStack) -> None:
    assert dev.up().operations == {}
    assert dev.account.calls == []


def test_destroy(dev: StageStack) -> None:
    dev.destroy()
    assert dev.account.resources == []
    assert dev.state.resources == {}
