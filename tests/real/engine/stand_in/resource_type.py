"""The behaviour of a resource type on AWS, as seen through its provider."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

type Properties = dict[str, Any]
"""A resource's properties in JSON; an archive is a dictionary with its hash."""


@dataclass(frozen=True)
class Facts:
    """The basis of a resource's computed outputs."""

    account: str
    region: str
    id: str
    """The id; before the creation a random one."""

    inputs: Properties
    revision: int
    """1 after the creation; each change of `ResourceType.revised_by` adds 1."""

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
    """A resource type; the defaults are for unknown types."""

    identify: Callable[[Facts], str] = _random_id
    """Returns the id of a new resource."""

    compute: Callable[[Facts], Properties] = _nothing
    """Returns the outputs beyond the inputs, after the creation and after each change."""

    replaced_by: AbstractSet[str] | None = frozenset()
    """Inputs with a replacement after a change; `None` means all of them."""

    is_regional: bool = False
    """True if the resource has an input `region`."""

    fixed: frozenset[str] = frozenset()
    """Inputs without updates: the provider refuses a change."""

    unique: tuple[str, ...] = ()
    """Inputs with unique values in an account."""

    is_overwriting: Callable[[Properties], bool] = _never
    """Returns True if a resource with these inputs replaces an existing one."""

    imported_id: Callable[[str], str] = _itself
    """Returns the id of a resource, from the id of an import."""

    revised_by: frozenset[str] = frozenset()
    """Inputs with a new revision after a change."""

    revised: frozenset[str] = frozenset()
    """Computed outputs of a revision; a preview of a new one does not know them."""

    is_kept: Callable[[Properties], bool] = _never
    """Returns True if AWS refuses to delete a resource with these inputs."""

    def replacing(self, changed: set[str]) -> set[str]:
        """Return the changed inputs with a replacement after a change."""
        return changed if self.replaced_by is None else changed & self.replaced_by


def named_by(*inputs: str, separator: str = "/") -> Callable[[Facts], str]:
    """Return a function to build ids from these inputs."""
    return lambda facts: separator.join(str(facts.inputs[name]) for name in inputs)
