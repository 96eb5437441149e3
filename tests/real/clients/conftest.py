"""Installed generators, or the reason why there are none."""

import pytest

from tests.real.clients.tools import Tools, ToolsUnavailableError, install_tools


@pytest.fixture(scope="session")
def tools() -> Tools:
    try:
        return install_tools()
    except ToolsUnavailableError as error:
        pytest.skip(str(error))
