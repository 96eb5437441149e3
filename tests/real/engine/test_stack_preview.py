"""A stack's first preview: all outputs of AWS are unknown."""

import pytest

from infra.settings.files import stage_config
from tests.real.engine.conftest import NewStack
from tests.real.engine.resource_keys import FUNCTION
from tests.real.engine.stage_stack import StageStack


@pytest.mark.parametrize("name", ["dev", "prod", "pr-12"])
def test_a_stage_that_is_not_there_yet_can_be_previewed(new_stack: NewStack, name: str) -> None:
    stack = new_stack(name)
    changes = stack.preview()
    assert set(changes.operations.values()) == {"create"}
    assert stack.account.calls == []
    assert stack.config == stage_config(name)


def test_only_the_session_key_is_encrypted_in_the_functions_variables(dev: StageStack) -> None:
    resource = dev.state.resources[FUNCTION]
    for properties in ("inputs", "outputs"):
        variables = resource[properties]["environment"]["variables"]
        assert {name for name, value in variables.items() if not isinstance(value, str)} == {
            "SESSION_KEY"
        }
        assert "ciphertext" in variables["SESSION_KEY"]
    dev.preview(logLevel="ERROR")
    shown = "".join(dev.printed)
    assert "'LOG_LEVEL': 'ERROR'" in shown
