"""Shared parts of the makers: checked inputs, and conversions between Pulumi's and AWS's names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from infra.errors import LocalStageError
from portfolio.local.clients import EmulatorClients

type Properties = dict[str, Any]
"""A resource's properties: JSON and Pulumi's assets."""


@dataclass(frozen=True)
class Created:
    """A new resource."""

    id: str
    outputs: Properties
    """Its properties beyond its inputs."""


@dataclass(frozen=True)
class Known:
    """A resource of an earlier deployment onto the same emulator."""

    id: str
    inputs: Properties
    outputs: Properties

    def refuse_changes(self, inputs: "Inputs", *names: str) -> None:
        """Refuse changes of inputs for which the resource would lose its data.

        Raises:
            LocalStageError: with the name of the first changed input.
        """
        for name in names:
            if self.inputs.get(name) != inputs.take(name):
                raise LocalStageError(
                    f"{name} of {self.id} cannot change while the stage runs, because the data "
                    "would be lost: restart make up."
                )


@dataclass
class Inputs:
    """A resource's inputs; a maker must take all of them, so none is silently ignored."""

    properties: Properties
    _taken: set[str] = field(default_factory=set[str])

    def take(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return an input, or the default if the program does not set it."""
        self._taken.add(name)
        value = self.properties.get(name)
        return default if value is None else value

    def take_pascal(self, *names: str) -> Properties:
        """Return the set inputs among `names`, with the keys of AWS's API."""
        return cast("Properties", pascal({name: self.take(name) for name in names}))

    def refuse_rest(self, token: str) -> None:
        """Refuse inputs not taken by the maker.

        Raises:
            LocalStageError: if an input is left; the message names the type and the inputs.
        """
        set_inputs = {name for name, value in self.properties.items() if value is not None}
        if rest := sorted(set_inputs - self._taken):
            raise LocalStageError(
                f"The local stage does not know the inputs {', '.join(rest)} of {token}: "
                "add them to its maker in portfolio/local/resources."
            )


type Maker = Callable[[EmulatorClients, Inputs], Created]
"""Creates one resource from its inputs."""

type Changer = Callable[[EmulatorClients, Inputs, Known], Created]
"""Changes one resource in place, to new inputs."""

type Remover = Callable[[EmulatorClients, Known], object]
"""Deletes one resource."""

type Function = Callable[[EmulatorClients, Inputs], Properties]
"""Returns the result of one of Pulumi's functions, such as `getZone`."""


def pascal(value: object) -> object:
    """Convert camelCase keys to PascalCase at every depth, and drop None."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {
            name[:1].upper() + name[1:]: pascal(item) for name, item in items if item is not None
        }
    if isinstance(value, list):
        return [pascal(item) for item in cast("list[object]", value)]
    return value


def outputs(response: Mapping[str, Any], *names: str) -> Properties:
    """Return fields of an AWS response as Pulumi outputs."""
    return {name[:1].lower() + name[1:]: response[name] for name in names}


def key_values(tags: Mapping[str, str]) -> list[Any]:
    """Convert tags to a list of keys and values, the format of some AWS APIs."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def again(maker: Maker, *fixed: str) -> Changer:
    """Return a changer for a resource whose maker also changes an existing one.

    Args:
        maker: the maker.
        fixed: the inputs that cannot change without a loss of data.
    """

    def change(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
        known.refuse_changes(inputs, *fixed)
        return maker(clients, inputs)

    return change


def keep(_clients: EmulatorClients, _known: Known) -> None:
    """Remove nothing: the resource is a part of another, or not on the emulator."""
