"""What the makers share: inputs that may not be overlooked, and AWS's shapes and Pulumi's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from infra.errors import LocalStageError
from portfolio.local.clients import EmulatorClients

type Properties = dict[str, Any]
"""A resource's properties: JSON, and Pulumi's assets."""


@dataclass(frozen=True)
class Created:
    """A resource that now exists."""

    id: str
    outputs: Properties
    """What it has besides its inputs."""


@dataclass
class Inputs:
    """A resource's inputs, each of which must be taken: none is dropped in silence."""

    properties: Properties
    _taken: set[str] = field(default_factory=set[str])

    def take(self, name: str, default: object = None) -> Any:  # noqa: ANN401 - JSON
        """The input of this name, or the default where the program does not set it."""
        self._taken.add(name)
        value = self.properties.get(name)
        return default if value is None else value

    def take_pascal(self, *names: str) -> Properties:
        """Those of these inputs that are set, named and nested as AWS's API has them."""
        return cast("Properties", pascal({name: self.take(name) for name in names}))

    def refuse_rest(self, token: str) -> None:
        """Refuse inputs that the maker did not take.

        Raises:
            LocalStageError: naming the type and the inputs.
        """
        set_inputs = {name for name, value in self.properties.items() if value is not None}
        if rest := sorted(set_inputs - self._taken):
            raise LocalStageError(
                f"The local stage does not know the inputs {', '.join(rest)} of {token}: "
                "teach its maker in portfolio/local/resources."
            )


type Maker = Callable[[EmulatorClients, Inputs], Created]
"""Makes one resource from its inputs."""

type Function = Callable[[EmulatorClients, Inputs], Properties]
"""Answers what the program asks AWS."""


def pascal(value: object) -> object:
    """Pulumi's camelCase keys as AWS's PascalCase, at every depth, without what is not set."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {
            name[:1].upper() + name[1:]: pascal(item) for name, item in items if item is not None
        }
    if isinstance(value, list):
        return [pascal(item) for item in cast("list[object]", value)]
    return value


def outputs(response: Mapping[str, Any], *names: str) -> Properties:
    """Of an AWS response, the fields with these names, as Pulumi outputs."""
    return {name[:1].lower() + name[1:]: response[name] for name in names}


def key_values(tags: Mapping[str, str]) -> list[Any]:
    """Tags as the list of keys and values that some of AWS's APIs take."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
