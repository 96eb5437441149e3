"""The program run for a stage, and every resource it registers, as the engine would get them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra.package import Package
from infra.paths import PROJECT
from infra.program import register_resources
from infra.settings import load_settings
from infra.settings.files import stage_config
from portfolio.engine.recording import Registered
from tests.infra.recording_engine import Provider, Recorder, run_program

MANIFEST_SHA256 = "cd" * 32


@dataclass(frozen=True)
class Registration:
    """All that the program registers for a stage, in order, and the stack's outputs."""

    resources: list[Registered]
    finished: set[str]
    """The URNs of the components that told Pulumi that nothing more will come."""

    outputs: Mapping[str, str]
    """Those that are known."""

    def of_type(self, token: str) -> list[Registered]:
        """The resources of a type."""
        return [resource for resource in self.resources if resource.type == token]

    def only(self, token: str) -> Registered:
        """The one resource of a type."""
        (resource,) = self.of_type(token)
        return resource


def register(
    stage: str,
    *,
    preview: bool,
    config: Mapping[str, str] | None = None,
    recorder: Recorder | None = None,
) -> Registration:
    """Run our program for a stage, with everything unknown (a preview) or everything answered.

    Without a recorder, the same is run once: do not change the result.

    Args:
        stage: its name.
        preview: whether nothing is known that a provider would answer.
        config: keys and values on top of the stage's file.
        recorder: gets what is registered, even if the program fails.
    """
    changes = tuple((config or {}).items())
    if recorder:
        return _run(stage, changes, recorder)
    return _run_once(stage, changes, preview=preview)


@cache
def _run_once(stage: str, changes: tuple[tuple[str, str], ...], *, preview: bool) -> Registration:
    return _run(stage, changes, Recorder(Provider(), preview=preview))


def _run(stage: str, changes: tuple[tuple[str, str], ...], recorder: Recorder) -> Registration:
    own = {f"{PROJECT}:{key}": value for key, value in changes}
    outputs: dict[str, str] = {}

    async def program() -> None:
        here = Path(__file__)
        package = Package(here, "ab" * 32, 1, here, MANIFEST_SHA256, {})
        for name, value in register_resources(load_settings(), package).items():
            resolved = await value.future()
            if await value.is_known():
                outputs[name] = str(resolved)

    run_program(program, recorder, stage, stage_config(stage) | own)
    return Registration(recorder.registered, recorder.finished, outputs)
