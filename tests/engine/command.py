"""The Pulumi engine that `make engine` has built."""

from pathlib import Path

from pulumi.automation import PulumiCommand

from infra.paths import CACHE

_GO_MOD = Path(__file__).parent / "pulumi_engine" / "go.mod"


class EngineMissingError(Exception):
    """Nobody has built the engine on this machine."""


def find_engine() -> PulumiCommand:
    """The engine.

    Raises:
        EngineMissingError: with what to do.
    """
    (version,) = (
        line.split()[2] for line in _GO_MOD.read_text().splitlines() if line.startswith("require ")
    )
    root = CACHE / "pulumi-engine" / version
    if not (root / "bin" / "pulumi").is_file():
        raise EngineMissingError("the Pulumi engine is not built: make engine")
    return PulumiCommand(str(root))
