"""The recording engine with a provider that answers as AWS would."""

from collections.abc import Mapping
from typing import Any, cast, override

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from infra.in_process import Program, run_in_process
from infra.recording import RecordingEngine

ACCOUNT = "123456789012"


class Provider(Mocks):
    """Answers ids, ARNs and the like, as AWS would."""

    def __init__(self, pool_id: str = "us-east-1_Pool") -> None:
        self._ids = {"aws:cognito/userPool:UserPool": pool_id}

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        return self._ids.get(args.typ, f"{args.name}-id"), inputs | {
            "arn": f"arn:aws:service:region:{ACCOUNT}:{args.name}",
            "invokeArn": f"arn:aws:apigateway:region:lambda:path/{args.name}",
            "apiEndpoint": "https://abc123.execute-api.us-east-1.amazonaws.com",
            "executionArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abc123",
            "version": "7",
            "result": "k" * 48,
        }

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], None]:
        raise AssertionError(f"the program must not ask AWS anything: {args.token}")


class Unknown(Provider):
    """Knows nothing but the inputs, as in a preview."""

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return None, cast("dict[str, Any]", args.inputs)


class Recorder(RecordingEngine):
    """Keeps each request, and answers what a provider would, or as a preview nothing."""

    def __init__(self, provider: Provider, *, preview: bool) -> None:
        super().__init__(Unknown() if preview else provider)
        self.preview = preview


def run_program(
    program: Program, recorder: Recorder, stage: str, config: Mapping[str, str]
) -> None:
    """Run a program, and record what it registers."""
    run_in_process(program, recorder, stage=stage, config=config, preview=recorder.preview)
