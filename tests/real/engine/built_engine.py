"""The Pulumi engine built by `make engine`."""

from pathlib import Path

import pytest
from pulumi.automation import PulumiCommand

from infra.paths import CACHE

_GO_MOD = Path(__file__).parent / "pulumi_engine" / "go.mod"


def find_engine() -> PulumiCommand:
    """Return the engine; skip the test, with advice, if it is not built."""
    (version,) = (
        line.split()[2] for line in _GO_MOD.read_text().splitlines() if line.startswith("require ")
    )
    root = CACHE / "pulumi-engine" / version
    if not (root / "bin" / "pulumi").is_file():
        pytest.skip("the Pulumi engine is not built: make engine")
    return PulumiCommand(str(root))
