"""The program run on an engine that makes nothing and keeps all that it is asked to make."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, override

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc
from pulumi.runtime.mocks import MockMonitor

from infra.errors import ContractError
from infra.package import Package
from infra.paths import ROOT
from infra.program import register_resources
from infra.settings.files import stage_config
from portfolio.engine.in_process import run_in_process

if TYPE_CHECKING:
    from infra.settings import StageSettings

_PACKAGE: Final = Package(ROOT, "0" * 64, 0, ROOT, "0" * 64, {})
"""Stands for the zip, which a registration only names."""

_GET_ZONE: Final = "aws:route53/getZone:getZone"
_POOL_ID: Final = "us-east-1_MadeUp000"
_SESSION_KEY: Final = "made-up-" * 6


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
    create_timeout: str
    """How long its making may take, as Pulumi writes it; empty for the provider's default."""

    delete_hooks: tuple[str, ...]
    """The names of what is asked before it is deleted."""

    dependencies: frozenset[str]
    """The URNs it waits for."""

    provider: str


class RecordingEngine(MockMonitor):
    """Keeps each request as Pulumi's own engine would get it, options included."""

    def __init__(self, mocks: Mocks) -> None:
        """Answer with what these mocks make."""
        super().__init__(mocks)
        self.registered: list[Registered] = []
        self.finished: set[str] = set()
        """The URNs of the components that said that nothing more will come."""

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
                    request.customTimeouts.create,
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


def register_stage(stack: str, settings: "StageSettings") -> list[Registered]:
    """All that the program registers for a stack, in order; no AWS is asked, nothing is made.

    What AWS would answer is unknown, as in a first preview, except for what the function's
    environment and its policy are made of.

    Raises:
        PortfolioError: whatever the program refuses.
    """
    engine = RecordingEngine(_MadeUp())

    def program() -> None:
        register_resources(settings, _PACKAGE)

    run_in_process(program, engine, stage=stack, config=stage_config(stack), preview=True)
    return engine.registered


class _MadeUp(Mocks):
    """Answers made-up ids and the like, and the one thing that the program asks AWS."""

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        answers = {"arn": f"arn:aws:made-up:{args.name}", "result": _SESSION_KEY}
        return _POOL_ID, inputs | answers

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token != _GET_ZONE:
            raise ContractError(f"The program asks AWS for {args.token}, which nobody expects.")
        return {**args.args, "zoneId": "made-up"}, []
