"""A stack's first preview: all outputs of AWS are unknown."""

import pytest

from infra.settings.files import stage_config
from tests.real.engine.conftest import NewStack


@pytest.mark.parametrize("name", ["dev", "prod", "pr-12"])
def test_a_stage_that_is_not_there_yet_can_be_previewed(new_stack: NewStack, name: str) -> None:
    stack = new_stack(name)
    changes = stack.preview()
    assert set(changes.operations.values()) == {"create"}
    assert stack.account.calls == []
    assert stack.config == stage_config(name)
