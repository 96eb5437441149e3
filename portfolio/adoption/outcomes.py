"""Effects of `pulumi up` on existing and missing resources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from infra.paths import PROJECT

type Owned = dict[str, str]
"""Ids of a stack's resources, by type and name, such as `aws:dynamodb/table:Table::table`."""

type Outcome = Literal[
    "make",
    "ours",
    "adopt",
    "change",
    "lose",
    "beside",
    "second",
    "overwrite",
    "unproven",
    "left",
    "taken",
    "missing",
    "stop",
]

FAILING: Final[frozenset[Outcome]] = frozenset({"left", "taken", "missing", "stop"})
"""Outcomes with a failure of `pulumi up`, or a loss of users."""

_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName::domain"


@dataclass(frozen=True, kw_only=True)
class Existing:
    """An existing resource in AWS."""

    id: str

    value: str = ""
    """The value of the adopting setting, if it differs from the id."""

    is_ours: bool = False
    """True if its tags, or its parent's tags, mark it as created by this stage."""

    changes: Sequence[str] = ()
    """Changes in place by the program: property, value and new value."""

    losses: Sequence[str] = ()
    """Features removed by the program."""

    obstacles: Sequence[str] = ()
    """Reasons against an adoption, such as properties fixed at creation."""

    kept: Sequence[str] = ()
    """Differences from the program, kept by an adoption."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A resource in the program, and the existing one in AWS, if any."""

    kind: str
    name: str
    resource: str
    """Type and name in the program, such as `aws:dynamodb/table:Table::table`."""

    setting: str | None
    """The key of the adopting setting, if any."""

    adopted: str | bool | None
    """The value of the setting."""

    existing: Existing | None
    is_unique: bool = True
    """True if AWS refuses a second resource with this name."""

    is_overwritten: bool = False
    """True if AWS overwrites the existing resource without a warning."""

    loss: str = ""
    """The disadvantage of a second resource in words, such as `, without its users`."""

    has_people: bool = False
    """True if users would be missing in a second resource."""

    is_beside_ours: bool = False
    """True if another existing resource has the stage's tags."""

    is_protected: bool = False
    """True if the stage's `protect` setting prevents deletion of the stack's own resource."""


@dataclass(frozen=True)
class Finding:
    """The effect of `pulumi up` on a resource."""

    subject: Subject
    outcome: Outcome
    text: str
    """The outcome in words, after the resource's kind and name."""

    @property
    def fails(self) -> bool:
        """True if `pulumi up` would fail, or lose users."""
        return self.outcome in FAILING

    @property
    def line(self) -> str | None:
        """The setting to add to the stage's file, if one helps."""
        existing, setting = self.subject.existing, self.subject.setting
        if self.outcome not in ("taken", "left", "beside") or existing is None or setting is None:
            return None
        if existing.obstacles:
            return None
        return f"{PROJECT}:{setting}: {existing.value or existing.id}"


def judge(subject: Subject, owned: Owned | None) -> Finding:
    """Return the effect of `pulumi up` on a resource.

    Args:
        subject: the resource.
        owned: the stack's resources, or None if unknown.
    """
    existing = subject.existing
    if existing is None:
        return _judge_absent(subject)
    if owned is None and existing.is_ours and not subject.adopted:
        return Finding(subject, "ours", "belongs to the stage, according to its tags")
    own = owned.get(subject.resource) if owned else None
    if own and existing.id in own:
        return Finding(subject, "ours", "belongs to the stack already")
    if existing.obstacles and (subject.adopted or subject.is_unique):
        return Finding(subject, "stop", f"cannot be adopted: {'; '.join(existing.obstacles)}")
    if own and not subject.is_unique:
        return _judge_beside(subject, existing, own, has_domain=bool(owned and _DOMAIN in owned))
    has_own = owned is None and subject.is_beside_ours
    return (
        _judge_adopted(subject, existing)
        if subject.adopted
        else _judge_unadopted(subject, has_own=has_own)
    )


def _judge_beside(subject: Subject, existing: Existing, own: str, *, has_domain: bool) -> Finding:
    """Return the finding for a resource if the stack has another one."""
    if not subject.adopted:
        return Finding(subject, "second", f"exists in addition to the stack's own, {own}")
    if not subject.loss:
        return _judge_adopted(subject, existing)
    text = f"cannot be adopted, because the stack has {own}, and up would not delete it: "
    return Finding(subject, "stop", text + _advise_beside(subject, has_domain=has_domain))


def _advise_beside(subject: Subject, *, has_domain: bool) -> str:
    """Return the next step for the stack's own resource."""
    if not subject.is_protected:
        return "run pulumi destroy first, which deletes everything in the stage"
    if has_domain:
        # The way back would delete the API behind the domain.
        return f"remove {subject.setting}"
    return "start again with the way back of step 3 in docs/moving-from-sam.md"


def _judge_adopted(subject: Subject, existing: Existing) -> Finding:
    if subject.adopted not in (True, existing.id):
        return Finding(subject, "stop", f"is {existing.id}, but {subject.setting} names another")
    kept = "".join(f"; {each} is kept" for each in existing.kept)
    changed = f" and changed in place: {', '.join(existing.changes)}" if existing.changes else ""
    if existing.losses:
        text = f"is adopted{changed}; up removes {', '.join(existing.losses)}{kept}"
        return Finding(subject, "lose", text)
    if changed:
        return Finding(subject, "change", f"is adopted{changed}{kept}")
    return Finding(subject, "adopt", f"is adopted as it is{kept}")


def _judge_absent(subject: Subject) -> Finding:
    if subject.adopted:
        text = f"does not exist, so up would fail: remove {subject.setting}"
        return Finding(subject, "missing", text)
    return Finding(subject, "make", "does not exist yet, and is created")


def _judge_unadopted(subject: Subject, *, has_own: bool) -> Finding:
    if subject.is_overwritten:
        text = "exists, and up overwrites it: copy it first to keep it"
        return Finding(subject, "overwrite", text)
    if not subject.is_unique:
        text = f"exists, and up would create a second one{subject.loss}"
        leaves = subject.has_people and not has_own
        return Finding(subject, "left" if leaves else "beside", text)
    advice = f"set {subject.setting}" if subject.setting else "remove or rename it first"
    return Finding(subject, "taken", f"exists, so up would fail: {advice}")
