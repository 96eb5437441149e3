"""What becomes of one thing that the program wants to be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from portfolio.adoption.owned import Owned

type Outcome = Literal[
    "make",
    "ours",
    "adopt",
    "change",
    "lose",
    "beside",
    "second",
    "overwrite",
    "left",
    "taken",
    "missing",
    "stop",
]

FAILING: Final[frozenset[Outcome]] = frozenset({"left", "taken", "missing", "stop"})
"""With these, `pulumi up` fails, or leaves people behind."""

_DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName::domain"


@dataclass(frozen=True, kw_only=True)
class Existing:
    """Something that is in AWS already."""

    id: str

    value: str = ""
    """What the setting that adopts it must say, if that is not the id."""

    is_ours: bool = False
    """Whether its tags, or those of what it belongs to, say that this stage has made it."""

    changes: Sequence[str] = ()
    """What the program would change where it is: property, value and new value."""

    losses: Sequence[str] = ()
    """What it has that the program does not want, and is taken away."""

    obstacles: Sequence[str] = ()
    """What stands against adopting it, and cannot be changed."""

    kept: Sequence[str] = ()
    """What is otherwise than the program makes it, and stays so."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Something that the program wants to be there, and what is there."""

    kind: str
    name: str
    resource: str
    """The type and name in the program: `aws:dynamodb/table:Table::table`."""

    setting: str | None
    """The key that adopts it, if there is one."""

    adopted: str | bool | None
    """What that setting says."""

    existing: Existing | None
    is_unique: bool = True
    """Whether AWS refuses a second one of this name."""

    is_overwritten: bool = False
    """Whether AWS puts a new one of this name in its place, without a word."""

    loss: str = ""
    """What a second one would be without, where there may be one."""

    has_people: bool = False
    """Whether there is somebody whom a second one would leave behind."""

    is_beside_ours: bool = False
    """Whether there is another that is the stage's, as its tags say."""

    is_protected: bool = False
    """Whether the stage's protection keeps the stack's own."""


@dataclass(frozen=True)
class Finding:
    """What `pulumi up` would do."""

    subject: Subject
    outcome: Outcome
    text: str
    """In words."""

    @property
    def fails(self) -> bool:
        """Whether it would fail, before or while doing it, or had better not be done."""
        return self.outcome in FAILING

    @property
    def line(self) -> str | None:
        """The setting to add to the stage's file, if one helps."""
        existing, setting = self.subject.existing, self.subject.setting
        if self.outcome not in ("taken", "left", "beside") or existing is None or setting is None:
            return None
        if existing.obstacles:
            return None
        return f"portfolio-api:{setting}: {existing.value or existing.id}"


def judge(subject: Subject, owned: "Owned | None") -> Finding:
    """Say what becomes of it.

    Args:
        subject: the thing.
        owned: what the stack has already; None if nobody knows.
    """
    existing = subject.existing
    if existing is None:
        return _judge_absent(subject)
    if owned is None and existing.is_ours and not subject.adopted:
        return Finding(subject, "ours", "is the stage's own, as its tags say")
    own = owned.get(subject.resource) if owned else None
    if own and existing.id in own:
        return Finding(subject, "ours", "is the stack's already")
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
    """Of what the stack has another of."""
    if not subject.adopted:
        return Finding(subject, "second", f"is there beside the stack's own, {own}")
    if not subject.loss:
        return _judge_adopted(subject, existing)
    text = f"cannot be adopted, as the stack has {own}, which up would not delete: "
    return Finding(subject, "stop", text + _advise_beside(subject, has_domain=has_domain))


def _advise_beside(subject: Subject, *, has_domain: bool) -> str:
    """What to do about the stack's own, which is all of the stage if nothing is protected."""
    if not subject.is_protected:
        return "pulumi destroy first, with all that the stage holds"
    if has_domain:
        # The way back would take away what answers under it.
        return f"remove {subject.setting}"
    return "start again by the way back of step 3 in docs/moving-from-sam.md"


def _judge_adopted(subject: Subject, existing: Existing) -> Finding:
    if subject.adopted not in (True, existing.id):
        return Finding(subject, "stop", f"is {existing.id}, and {subject.setting} is another")
    kept = "".join(f"; {each} stays" for each in existing.kept)
    changed = (
        f", and changed where it is: {', '.join(existing.changes)}" if existing.changes else ""
    )
    if existing.losses:
        text = f"is adopted{changed}; up takes away {', '.join(existing.losses)}{kept}"
        return Finding(subject, "lose", text)
    if changed:
        return Finding(subject, "change", f"is adopted{changed}{kept}")
    return Finding(subject, "adopt", f"is adopted as it is{kept}")


def _judge_absent(subject: Subject) -> Finding:
    if subject.adopted:
        text = f"is not there, so up would fail: remove {subject.setting}"
        return Finding(subject, "missing", text)
    return Finding(subject, "make", "is not there, and is made")


def _judge_unadopted(subject: Subject, *, has_own: bool) -> Finding:
    if subject.is_overwritten:
        text = "is there, and up writes over it: copy it first, if it is to stay"
        return Finding(subject, "overwrite", text)
    if not subject.is_unique:
        text = f"is there, and up would make another beside it{subject.loss}"
        leaves = subject.has_people and not has_own
        return Finding(subject, "left" if leaves else "beside", text)
    what = f"set {subject.setting}" if subject.setting else "remove or rename it first"
    return Finding(subject, "taken", f"is there, so up would fail: {what}")
