"""The recording engine with a provider that answers as AWS would."""

from collections.abc import Mapping
from typing import Any, cast, override

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

from portfolio.engine.in_process import Program, run_in_process
from portfolio.engine.recording import RecordingEngine
from src import SITE

ACCOUNT = "123456789012"


_OUTPUTS: dict[str, dict[str, Any]] = {
    "aws:acm/certificate:Certificate": {
        "domainValidationOptions": [
            {
                "domainName": f"api.{SITE}",
                "resourceRecordName": f"_proof.api.{SITE}.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_value.acm-validations.aws.",
            }
        ]
    },
    "aws:apigatewayv2/domainName:DomainName": {
        "domainNameConfiguration": {
            "targetDomainName": "d-abc.execute-api.us-east-1.amazonaws.com",
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
        }
    },
    "aws:route53/record:Record": {"fqdn": f"_proof.api.{SITE}"},
    "aws:sns/topic:Topic": {"owner": ACCOUNT},
}
"""What AWS would add to the inputs, by type."""


class Provider(Mocks):
    """Answers ids, ARNs and the like, as AWS would."""

    def __init__(self, pool_id: str = "us-east-1_Pool") -> None:
        self._ids = {"aws:cognito/userPool:UserPool": pool_id}
        self.calls: list[MockCallArgs] = []

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        return self._ids.get(args.typ, f"{args.name}-id"), inputs | _OUTPUTS.get(args.typ, {}) | {
            "arn": f"arn:aws:service:region:{ACCOUNT}:{args.name}",
            "invokeArn": f"arn:aws:apigateway:region:lambda:path/{args.name}",
            "apiEndpoint": "https://abc123.execute-api.us-east-1.amazonaws.com",
            "executionArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:abc123",
            "version": "7",
            "result": "k" * 48,
        }

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Answer the one thing the program asks AWS, as a preview asks it too."""
        assert args.token == "aws:route53/getZone:getZone", args.token
        self.calls.append(args)
        return {**args.args, "zoneId": f"zone of {args.args['name']}"}, []


class Unknown(Provider):
    """Knows nothing but the inputs and what is there already, as in a preview."""

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return None, cast("dict[str, Any]", args.inputs)


class Recorder(RecordingEngine):
    """Keeps each request, and answers what a provider would, or as a preview nothing."""

    def __init__(self, provider: Provider, *, preview: bool) -> None:
        self.provider = Unknown() if preview else provider
        super().__init__(self.provider)
        self.preview = preview


def run_program(
    program: Program, recorder: Recorder, stage: str, config: Mapping[str, str]
) -> None:
    """Run a program, and record what it registers."""
    run_in_process(program, recorder, stage=stage, config=config, preview=recorder.preview)
