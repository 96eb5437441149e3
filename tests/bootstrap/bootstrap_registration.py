"""Run the bootstrap's program for a tier and record each resource."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from infra.bootstrap.program import deploy
from infra.bootstrap.settings import BOOTSTRAP, parse_bootstrap_settings
from infra.paths import ROOT
from portfolio.engine.recording import Registered
from tests.infra.recording_engine import Provider, Recorder, run_program

FOLDER = ROOT / "infra" / "bootstrap"


def tier_config(stack: str, **changes: str) -> dict[str, str]:
    """Return a stack's configuration with the project's defaults, in the engine's format."""
    declared = yaml.safe_load((FOLDER / "Pulumi.yaml").read_text())["config"]
    defaults = {
        f"{BOOTSTRAP}:{key}": each["default"] for key, each in declared.items() if "default" in each
    }
    own = yaml.safe_load((FOLDER / f"Pulumi.{stack}.yaml").read_text())["config"]
    changed = {f"{BOOTSTRAP}:{key}": value for key, value in changes.items()}
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in {**defaults, **own, **changed}.items()
    }


@dataclass(frozen=True)
class BootstrapRegistration:
    """The registered resources of a tier, and the known outputs of the stack."""

    resources: list[Registered]
    finished: set[str]
    outputs: dict[str, str]

    def of_type(self, token: str) -> list[Registered]:
        return [resource for resource in self.resources if resource.type == token]

    def only(self, token: str) -> dict[str, Any]:
        (resource,) = self.of_type(token)
        return resource.inputs


def register_bootstrap(config: Mapping[str, str], *, preview: bool) -> BootstrapRegistration:
    recorder = Recorder(Provider(), preview=preview)
    outputs: dict[str, str] = {}

    async def program() -> None:
        for name, value in deploy(parse_bootstrap_settings(config)).items():
            resolved = await value.future()
            if await value.is_known():
                outputs[name] = str(resolved)

    run_program(program, recorder, "dev", config)
    return BootstrapRegistration(recorder.registered, recorder.finished, outputs)
