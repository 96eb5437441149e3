"""The engine that records: registrations arrive as the program wrote them."""

from typing import Any, override

import pulumi
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from portfolio.engine.in_process import run_in_process
from portfolio.engine.recording import RecordingEngine

INPUTS = {"memory": 512, "share": 0.5, "rules": [{"days": 7}], "name": "x"}


class Provider(Mocks):
    """Keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.got.append(args.inputs)
        return "id", {}

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.got.append(args.args)
        return {}, []


def test_whole_numbers_are_integers_for_the_record_and_for_the_provider() -> None:
    provider = Provider()
    engine = RecordingEngine(provider)

    def program() -> None:
        pulumi.CustomResource("a:b:C", "name", dict(INPUTS))
        pulumi.runtime.invoke("a:b:find", dict(INPUTS))

    run_in_process(program, engine, stage="dev", config={})
    recorded = [each.inputs for each in engine.registered]
    assert (len(recorded), len(provider.got)) == (1, 2)
    for inputs in (*recorded, *provider.got):
        assert repr(sorted(inputs.items())) == repr(sorted(INPUTS.items()))
