"""The resources of a part in plain words, by service."""

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from portfolio.diagram.words import name_kind, name_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.engine.recording import Registered

_TIMES: Final = "\N{MULTIPLICATION SIGN}"

type Services = tuple[tuple[str, tuple[str, ...]], ...]
"""Each service with its kinds of resources: `("CloudWatch", ("dashboard",))`."""


def list_services(part: "Sequence[Registered]", everything: "Sequence[Registered]") -> Services:
    """Return the kinds of resources in a part, the most important ones first.

    A kind with the name of its component comes first: a function in Function. Kinds that other
    parts depend on are next, then the most frequent kinds.

    Args:
        part: a component with its resources, or a resource outside all components.
        everything: all resources of the stage.
    """
    root, *children = part
    resources = children or [root]
    own = {each.urn for each in part}
    needed = Counter(urn for each in everything for urn in each.used)
    inside = Counter(urn for each in part for urn in each.used & own)
    title = set(name_kind(root.type).split())

    def rank(token: str) -> tuple[bool, int, int, int, str]:
        urns = [each.urn for each in resources if each.type == token]
        uses, own_uses = (sum(counter[urn] for urn in urns) for counter in (needed, inside))
        is_other = not set(name_kind(token).split()) <= title
        return is_other, own_uses - uses, -len(urns), -uses, token

    counts = Counter(each.type for each in resources)
    services: defaultdict[str, list[str]] = defaultdict(list)
    for token in sorted(counts, key=rank):
        count = f" {_TIMES} {counts[token]}" if counts[token] > 1 else ""
        services[name_service(token)].append(name_kind(token) + count)
    return tuple((service, tuple(kinds)) for service, kinds in services.items())
