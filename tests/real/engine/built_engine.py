"""The Pulumi engine that `make engine` has built."""

from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from infra.paths import CACHE

_GO_MOD = Path(__file__).parent / "pulumi_engine" / "go.mod"


def find_engine() -> PulumiCommand:
    """The engine; without one a test that asks for it is left out, and says what to do."""
    (version,) = (
        line.split()[2] for line in _GO_MOD.read_text().splitlines() if line.startswith("require ")
    )
    root = CACHE / "pulumi-engine" / version
    if not (root / "bin" / "pulumi").is_file():
        pytest.skip("the Pulumi engine is not built: make engine")
    return PulumiCommand(str(root))
