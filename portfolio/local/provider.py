"""The local stage's provider: Pulumi's `Mocks` interface, with real AWS calls to the emulator.

The program runs in this process. Its resources are created on the emulator one by one, and
botocore validates the inputs of each call. A second deployment changes only what differs from the
first; a ledger keeps the inputs and outputs of each resource.
"""

from collections.abc import Mapping
from typing import Any, cast, override

from botocore.exceptions import ClientError, ParamValidationError
from pulumi import FileArchive
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks, rpc

from infra.errors import LocalStageError
from infra.paths import PROJECT
from portfolio.local.clients import EmulatorClients
from portfolio.local.resources import (
    CHANGERS,
    FUNCTIONS,
    MAKERS,
    NOT_EMULATED,
    REMOVERS,
    Created,
    Inputs,
    Known,
    Maker,
)

type Ledger = dict[str, Known]
"""The resources on an emulator, in the order of their creation; the key has type and name."""

_COMPONENTS = f"{PROJECT}:"
_PROVIDERS = "pulumi:providers:"


class EmulatorProvider(Mocks):
    """A provider: creates or changes each registered resource on the emulator."""

    def __init__(
        self,
        clients: EmulatorClients,
        makers: Mapping[str, Maker] = MAKERS,
        ledger: Ledger | None = None,
    ) -> None:
        """Create resources with these clients, each with the maker of its type.

        Args:
            clients: the emulator's clients.
            makers: the makers by type.
            ledger: the resources of earlier deployments; it is updated with each resource.
        """
        self._clients, self._makers = clients, makers
        self._ledger = {} if ledger is None else ledger
        self._registered: set[str] = set()

    @override
    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """Create or change a resource; return its id, and its inputs and outputs together.

        Raises:
            LocalStageError: if the type or an input is unknown, or if the emulator refuses it.
        """
        properties: dict[str, Any] = _plain(args.inputs)
        if args.typ.startswith((_COMPONENTS, _PROVIDERS)):
            return args.name, properties
        try:
            return self._provide(args.typ, args.name, properties)
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
        inputs = Inputs(_plain(args.args))
        answer = function(self._clients, inputs)
        inputs.refuse_rest(args.token)
        return answer, []

    def remove_rest(self) -> None:
        """Delete the resources of the ledger that are no longer registered, the newest first.

        Raises:
            LocalStageError: if the emulator refuses it, or if a resource holds data.
        """
        for key in [key for key in reversed(self._ledger) if key not in self._registered]:
            token, _, name = key.partition(" ")
            self._remove(token, name, self._ledger[key])
            del self._ledger[key]

    def _provide(
        self, token: str, name: str, properties: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Create a resource, change it, or leave it if its inputs are the same."""
        key = f"{token} {name}"
        self._registered.add(key)
        known = self._ledger.get(key)
        if known is None or known.inputs != properties:
            created = self._create_or_change(token, name, properties, known)
            known = Known(created.id, properties, created.outputs)
            self._ledger[key] = known
        region = {} if token in NOT_EMULATED else {"region": self._clients.region}
        state = region | properties | known.outputs
        _refuse_none(token, state)
        return known.id, state

    def _create_or_change(
        self, token: str, name: str, properties: dict[str, Any], known: Known | None
    ) -> Created:
        if token in NOT_EMULATED:
            return Created(token, {})
        changer = CHANGERS.get(token)
        if known is None or changer is None or _is_renamed(known, properties):
            if known:
                self._remove(token, name, known)
            return self._make(token, properties)
        inputs = Inputs(properties)
        changed = changer(self._clients, inputs, known)
        inputs.refuse_rest(token)
        return changed

    def _remove(self, token: str, name: str, known: Known) -> None:
        if token in NOT_EMULATED:
            return
        remover = REMOVERS.get(token)
        if remover is None:
            raise LocalStageError(
                f"{token} {name} cannot be deleted while the stage runs: restart make up."
            )
        try:
            remover(self._clients, known)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            # A part of a resource has gone together with it.
            if "NotFound" not in code and "NoSuch" not in code:
                raise LocalStageError(f"The emulator keeps {token} {name}: {error}") from None

    def _make(self, token: str, properties: dict[str, Any]) -> Created:
        maker = self._makers.get(token)
        if maker is None:
            raise LocalStageError(
                f"The local stage does not know the resource type {token}: "
                "add a maker for it to portfolio/local/resources."
            )
        inputs = Inputs(properties)
        created = maker(self._clients, inputs)
        inputs.refuse_rest(token)
        return created


def _is_renamed(known: Known, properties: dict[str, Any]) -> bool:
    return any(
        known.inputs.get(key) != properties.get(key) for key in ("name", "dashboardName", "role")
    )


def _refuse_none(token: str, state: dict[str, Any]) -> None:
    # Pulumi would silently give the program None for a missing output.
    if missing := sorted(name for name, value in state.items() if value is None):
        raise LocalStageError(f"The emulator returned no {', '.join(missing)} for {token}.")


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON and Pulumi's assets
    """Return the value with every secret in plain text and paths for archives, at every depth."""
    if isinstance(value, FileArchive):
        return value.path
    if rpc.is_rpc_secret(value):
        return _plain(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {name: _plain(item) for name, item in items}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[Any]", value)]
    return value
