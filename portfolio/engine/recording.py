"""The program run on a recording engine: it lists the resources and creates none."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, override

from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc

from infra.errors import ContractError
from infra.package import Package
from infra.paths import ROOT
from infra.program import register_resources
from infra.settings.files import stage_config
from portfolio.engine.in_process import Engine, run_in_process, whole_numbers

if TYPE_CHECKING:
    from infra.settings import StageSettings

_PACKAGE: Final = Package(ROOT, "0" * 64, 0, ROOT, "0" * 64, {})
"""A placeholder for the zip: a registration only needs its name."""

_GET_ZONE: Final = "aws:route53/getZone:getZone"
_POOL_ID: Final = "us-east-1_Placeholder"
_SESSION_KEY: Final = "placeholder-" * 4


@dataclass(frozen=True)
class Registered:
    """One resource of the program."""

    type: str
    name: str
    urn: str
    parent: str
    """The URN of its component, or of the stack."""

    inputs: dict[str, Any]
    """The inputs; secrets are wrapped in Pulumi's format."""

    protect: bool
    retain_on_delete: bool
    create_timeout: str
    """The timeout for its creation, such as `5m`; empty for the provider's default."""

    delete_hooks: tuple[str, ...]
    """The names of the hooks before its deletion."""

    dependencies: frozenset[str]
    """The URNs of the resources it depends on."""

    used: frozenset[str]
    """The dependencies with an output among its inputs."""

    provider: str


class RecordingEngine(Engine):
    """An engine to record each registration with its options."""

    def __init__(self, mocks: Mocks) -> None:
        """Answer each request with these mocks."""
        super().__init__(mocks)
        self.registered: list[Registered] = []
        self.finished: set[str] = set()
        """The URNs of the components with registered outputs: they are complete."""

    @override
    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registered.append(
                Registered(
                    request.type,
                    request.name,
                    response.urn,
                    request.parent,
                    whole_numbers(inputs),
                    request.protect,
                    request.retainOnDelete,
                    request.customTimeouts.create,
                    tuple(request.hooks.before_delete),
                    frozenset(request.dependencies),
                    _used(request),
                    request.provider,
                )
            )
        return response

    @override
    def RegisterResourceOutputs(self, request: Any) -> Any:
        self.finished.add(request.urn)
        return super().RegisterResourceOutputs(request)


def _used(request: Any) -> frozenset[str]:  # noqa: ANN401 - the SDK gives it no type
    return frozenset(urn for each in request.propertyDependencies.values() for urn in each.urns)


def register_stage(stack: str, settings: "StageSettings") -> list[Registered]:
    """Return all resources of a stack in order of registration, without calling AWS.

    AWS's outputs are unknown, as in a first preview. Placeholders replace those used in the
    function's environment and policy.

    Raises:
        PortfolioError: if the program refuses the settings.
    """
    engine = RecordingEngine(_PlaceholderMocks())

    def program() -> None:
        register_resources(settings, _PACKAGE)

    run_in_process(program, engine, stage=stack, config=stage_config(stack), preview=True)
    return engine.registered


class _PlaceholderMocks(Mocks):
    """Mocks with placeholder ids, and with an answer to the program's only AWS function."""

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        inputs = cast("dict[str, Any]", args.inputs)
        answers = {"arn": f"arn:aws:placeholder:{args.name}", "result": _SESSION_KEY}
        return _POOL_ID, inputs | answers

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.token != _GET_ZONE:
            raise ContractError(
                f"The program calls the AWS function {args.token}: "
                "add an answer to portfolio/engine/recording.py."
            )
        return {**args.args, "zoneId": "placeholder"}, []
