"""An engine that makes nothing, and keeps each request as Pulumi's own would get it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, override

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc
from pulumi.runtime.mocks import MockMonitor

from infra.in_process import Program, run_in_process

ACCOUNT = "123456789012"


_OUTPUTS: dict[str, dict[str, Any]] = {
    "aws:acm/certificate:Certificate": {
        "domainValidationOptions": [
            {
                "domainName": "api.patrickcmd.dev",
                "resourceRecordName": "_proof.api.patrickcmd.dev.",
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
    "aws:route53/record:Record": {"fqdn": "_proof.api.patrickcmd.dev"},
    "aws:sns/topic:Topic": {"owner": ACCOUNT},
}
"""What AWS would add to the inputs, by type."""


@dataclass(frozen=True)
class Registered:
    """One resource of the program."""

    type: str
    name: str
    urn: str
    parent: str
    """The URN of its component, or of the stack."""

    inputs: dict[str, Any]
    """With secrets as Pulumi wraps them."""

    protect: bool
    retain_on_delete: bool
    delete_hooks: tuple[str, ...]
    """The names of what is asked before it is deleted."""

    dependencies: frozenset[str]
    """The URNs it waits for."""

    provider: str


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


class Recorder(MockMonitor):
    """Keeps each request as the engine would get it, options included."""

    def __init__(self, provider: Provider, *, preview: bool) -> None:
        self.provider = Unknown() if preview else provider
        super().__init__(self.provider)
        self.preview = preview
        self.registered: list[Registered] = []
        self.finished: set[str] = set()

    @override
    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.registered.append(
                Registered(
                    request.type,
                    request.name,
                    response.urn,
                    request.parent,
                    rpc.deserialize_properties(request.object, keep_unknowns=True),
                    request.protect,
                    request.retainOnDelete,
                    tuple(request.hooks.before_delete),
                    frozenset(request.dependencies),
                    request.provider,
                )
            )
        return response

    @override
    def RegisterResourceOutputs(self, request: Any) -> Any:
        self.finished.add(request.urn)
        return super().RegisterResourceOutputs(request)


def run_program(
    program: Program, recorder: Recorder, stage: str, config: Mapping[str, str]
) -> None:
    """Run a program, and record what it registers."""
    run_in_process(program, recorder, stage=stage, config=config, preview=recorder.preview)
