"""The local stage's provider: Pulumi's `Mocks` interface, with real AWS calls to the emulator.

The program runs in this process. Its resources are created on the emulator one by one, and
botocore validates the inputs of each call.
"""

from collections.abc import Mapping
from typing import Any, cast, override

from botocore.exceptions import ClientError, ParamValidationError
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc

from infra.errors import LocalStageError
from infra.settings.files import PROJECT
from portfolio.local.clients import EmulatorClients
from portfolio.local.resources import FUNCTIONS, MAKERS, NOT_EMULATED, Inputs, Maker

_COMPONENTS = f"{PROJECT}:"
_PROVIDERS = "pulumi:providers:"


class EmulatorProvider(Mocks):
    """A provider: creates each registered resource on the emulator."""

    def __init__(self, clients: EmulatorClients, makers: Mapping[str, Maker] = MAKERS) -> None:
        """Create resources with these clients, each with the maker of its type."""
        self._clients, self._makers = clients, makers

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Create a resource; return its id, and its inputs and outputs together.

        Raises:
            LocalStageError: if the type or an input is unknown, or if the emulator refuses it.
        """
        properties: dict[str, Any] = _open_secrets(args.inputs)
        if args.typ.startswith((_COMPONENTS, _PROVIDERS)):
            return args.name, properties
        try:
            return self._make(args.typ, properties)
        except (ClientError, ParamValidationError) as error:
            raise LocalStageError(f"The emulator refuses {args.typ} {args.name}: {error}") from None

    @override
    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the result of a function, such as `getZone`.

        Raises:
            LocalStageError: if the function or an argument is unknown, or if it finds nothing.
        """
        function = FUNCTIONS.get(args.token)
        if function is None:
            raise LocalStageError(
                f"The local stage does not know the function {args.token}: "
                "add it to portfolio/local/resources."
            )
        inputs = Inputs(_open_secrets(args.args))
        answer = function(self._clients, inputs)
        inputs.refuse_rest(args.token)
        return answer, []

    def _make(self, token: str, properties: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if token in NOT_EMULATED:
            return token, properties
        maker = self._makers.get(token)
        if maker is None:
            raise LocalStageError(
                f"The local stage does not know the resource type {token}: "
                "add a maker for it to portfolio/local/resources."
            )
        inputs = Inputs(properties)
        created = maker(self._clients, inputs)
        inputs.refuse_rest(token)
        state = {"region": self._clients.region} | properties | created.outputs
        _refuse_none(token, state)
        return created.id, state


def _refuse_none(token: str, state: dict[str, Any]) -> None:
    # Pulumi would silently give the program None for a missing output.
    if missing := sorted(name for name, value in state.items() if value is None):
        raise LocalStageError(f"The emulator returned no {', '.join(missing)} for {token}.")


def _open_secrets(value: Any) -> Any:  # noqa: ANN401 - JSON and Pulumi's assets
    """Return the value with every secret in plain text, at every depth."""
    if rpc.is_rpc_secret(value):
        return _open_secrets(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: _open_secrets(item) for name, item in items}
    if isinstance(value, list):
        return [_open_secrets(item) for item in cast("list[Any]", value)]
    return value
