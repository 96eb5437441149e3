"""The parts of a stage and the links between them, from the resources it registers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from portfolio.diagram.facts import browser_facts, find_region, list_facts
from portfolio.diagram.services import Services, list_services
from portfolio.diagram.verbs import Need, find_verb
from portfolio.diagram.words import name_component, name_resource

if TYPE_CHECKING:
    from portfolio.engine.recording import Registered

CLIENT: Final = "client"
"""The key of the browser, the only part outside the program."""

_PROVIDER: Final = "pulumi:providers:"
_TAKES_REQUESTS: Final = ("aws:apigateway", "aws:cloudfront/", "aws:lb/", "aws:appsync/")
"""Beginnings of the types for requests from the internet."""

type Role = Literal["client", "request", "end", "aside"]
"""A part's place: the client, on a request's path, at its end, or outside it."""


@dataclass(frozen=True)
class Part:
    """A component with its resources, or a resource outside all components."""

    key: str
    """Its URN, or `client`."""

    title: str
    role: Role
    facts: tuple[str, ...] = ()
    services: Services = ()
    """Each service with its resources in plain words: `("CloudWatch", ("dashboard",))`."""


@dataclass(frozen=True)
class Link:
    """One part's need for another."""

    source: str
    target: str
    verb: str
    """The need in plain words; empty if none can be derived."""


@dataclass(frozen=True)
class Architecture:
    """Everything in the picture."""

    title: str
    """The project, the stage and the region."""

    parts: tuple[Part, ...]
    links: tuple[Link, ...]


def read_architecture(resources: "Sequence[Registered]") -> Architecture:
    """Group a stage's resources into parts, and find the links between the parts.

    A part is a resource directly below the stack, with everything below that resource.

    Args:
        resources: the resources of one stage, as `register_stage` records them; not empty.
    """
    shown = sorted(
        (each for each in resources if not each.type.startswith(_PROVIDER)),
        key=lambda each: each.urn,
    )
    members = _group(shown)
    links = _find_links(members)
    entries = _find_entries(members, links)
    links = [*(Link(CLIENT, entry, "sends HTTPS requests to") for entry in entries), *links]
    roles = _find_roles(members, links)
    parts = _read_parts(members, roles)
    if entries:
        parts = [Part(CLIENT, "Browser", "client", browser_facts(shown)), *parts]
    # A URN is urn:pulumi:<stack>::<project>::<types>::<name>.
    _, _, stack, _, project, *_ = resources[0].urn.split(":")
    title = " · ".join([project, stack, *find_region(resources)])
    return Architecture(title, tuple(parts), tuple(links))


type _Members = dict[str, list[Registered]]
"""The resources of each part, by the part's URN; the part's own resource comes first."""


def _group(resources: "Sequence[Registered]") -> _Members:
    parents = {each.urn: each.parent for each in resources}
    members: _Members = {each.urn: [each] for each in resources if each.parent not in parents}
    for resource in resources:
        root = resource.urn
        while parents[root] in parents:
            root = parents[root]
        if root != resource.urn:
            members[root].append(resource)
    return members


def _find_links(members: _Members) -> list[Link]:
    by_urn = {each.urn: (each, root) for root, group in members.items() for each in group}
    needs: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
    for source, root in by_urn.values():
        for dependency in sorted(source.used & by_urn.keys()):
            target, target_root = by_urn[dependency]
            if target_root != root:
                needs[root, target_root].append(Need(source, target))
    return [Link(*ends, find_verb(found)) for ends, found in sorted(needs.items())]


def _find_entries(members: _Members, links: Sequence[Link]) -> list[str]:
    """Return the parts for requests from the internet, without those behind another one."""
    takers = {
        root
        for root, group in members.items()
        if any(each.type.startswith(_TAKES_REQUESTS) for each in group)
    }
    behind = {link.target for link in links if link.source in takers}
    return sorted(takers - behind)


def _find_roles(members: _Members, links: Sequence[Link]) -> dict[str, Role]:
    reached, waiting = {CLIENT}, [CLIENT]
    while waiting:
        source = waiting.pop()
        new = {link.target for link in links if link.source == source} - reached
        reached |= new
        waiting += new
    sources = {link.source for link in links}
    return {
        root: "aside" if root not in reached else "request" if root in sources else "end"
        for root in members
    }


def _read_parts(members: _Members, roles: dict[str, Role]) -> list[Part]:
    titles = Counter(_title(group) for group in members.values())
    everything = [each for group in members.values() for each in group]
    return [
        Part(
            root,
            _title(group, unique=titles[_title(group)] == 1),
            roles[root],
            tuple(fact for each in group for fact in list_facts(each)),
            list_services(group, everything),
        )
        for root, group in members.items()
    ]


def _title(group: "Sequence[Registered]", *, unique: bool = True) -> str:
    """Return a component's type, with its name if the type repeats; or a single resource's name."""
    root = group[0]
    name = name_resource(root.name)
    if len(group) == 1:
        return name
    return name_component(root.type) if unique else f"{name_component(root.type)}: {name}"
