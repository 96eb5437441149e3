"""How resources of one type behave at AWS, as its provider shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Properties = dict[str, Any]
"""A resource's properties, as JSON; an archive is a dictionary with its hash."""


@dataclass(frozen=True)
class Facts:
    """What a resource's computed outputs follow from."""

    account: str
    region: str
    id: str
    """Of a resource that is about to be made, a random one."""

    inputs: Properties
    revision: int
    """1 when it is made, and one more with each change that `ResourceType.revised_by` names."""

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{rest}"


def _random_id(facts: Facts) -> str:
    return facts.id


def _itself(name: str) -> str:
    return name


def _nothing(_facts: Facts) -> Properties:
    return {}


def _never(_inputs: Properties) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A type; without arguments, one that nothing is known of."""

    identify: Callable[[Facts], str] = _random_id
    """The id of a new one."""

    compute: Callable[[Facts], Properties] = _nothing
    """What it has besides its inputs, once it is made and after each change."""

    replaced_by: frozenset[str] | None = frozenset()
    """Inputs whose change makes the provider make another one instead; `None` is all of them."""

    fixed: frozenset[str] = frozenset()
    """Inputs whose change the provider refuses."""

    unique: tuple[str, ...] = ()
    """Inputs that no two of an account may have in common."""

    is_overwriting: Callable[[Properties], bool] = _never
    """Whether one with these inputs takes the place of another that is there."""

    imported_id: Callable[[str], str] = _itself
    """The id of the one that an import names."""

    revised_by: frozenset[str] = frozenset()
    """Inputs whose change makes a new revision."""

    revised: frozenset[str] = frozenset()
    """Computed outputs that a new revision renews; in a preview they are not known yet."""

    is_kept: Callable[[Properties], bool] = _never
    """Whether AWS refuses to delete one with these inputs."""

    def replacing(self, changed: set[str]) -> set[str]:
        """Those of the changed inputs that cannot change on the resource itself."""
        return changed if self.replaced_by is None else changed & self.replaced_by


def named_by(*inputs: str, separator: str = "/") -> Callable[[Facts], str]:
    """Ids that are made of these inputs."""
    return lambda facts: separator.join(str(facts.inputs[name]) for name in inputs)
