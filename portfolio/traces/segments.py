"""A trace with its segments as a tree, from X-Ray's segment documents."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

type Mark = Literal["fault", "error", "throttle", "unfinished"]

COLD_STARTS: Final[Mapping[str, str]] = {"Initialization": "cold start", "Restore": "restored"}
"""Lambda's subsegments of a new environment, and the words for them."""

_SERVICE: Final = "AWS::Lambda"
_FUNCTION: Final = "AWS::Lambda::Function"


@dataclass(frozen=True)
class Segment:
    """A segment or subsegment: one piece of work."""

    name: str
    start: float
    """Seconds since 1970."""

    end: float
    marks: tuple[Mark, ...]
    reasons: tuple[str, ...]
    """The exceptions that ended it, with type and message."""

    children: tuple["Segment", ...]

    @property
    def duration(self) -> float:
        """The duration in seconds."""
        return self.end - self.start

    def walk(self) -> Iterator["Segment"]:
        """Yield this segment and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Trace:
    """The trace of one request."""

    id: str
    roots: tuple[Segment, ...]
    function_request_id: str | None
    """Lambda's id of the invocation."""

    documents: tuple[dict[str, Any], ...]
    """X-Ray's segment documents."""

    @property
    def start(self) -> float:
        """The first moment, in seconds since 1970."""
        return min((each.start for each in self._all()), default=0)

    @property
    def end(self) -> float:
        """The last moment, in seconds since 1970."""
        return max((each.end for each in self._all()), default=0)

    @property
    def cold_starts(self) -> list[Segment]:
        """The segments of a new environment's start."""
        return [each for each in self._all() if each.name in COLD_STARTS]

    @property
    def has_failed(self) -> bool:
        """True if a segment has a fault, an error or a throttle."""
        return any(mark != "unfinished" for each in self._all() for mark in each.marks)

    @property
    def is_complete(self) -> bool:
        """True if the function's segment is here and no segment is in progress."""
        segments = [*self._all()]
        unfinished = any("unfinished" in each.marks for each in segments)
        return not unfinished and any(each.name == _FUNCTION for each in segments)

    def _all(self) -> Iterator[Segment]:
        for root in self.roots:
            yield from root.walk()


class _Exception(BaseModel):
    type: str = ""
    message: str = ""


class _Cause(BaseModel):
    exceptions: list[_Exception] = []


class _Aws(BaseModel):
    operation: str | None = None
    request_id: str | None = None


class _Document(BaseModel):
    """A segment document, as far as it is shown."""

    id: str
    name: str
    start_time: float
    end_time: float | None = None
    parent_id: str | None = None
    origin: str | None = None
    inferred: bool = False
    fault: bool = False
    error: bool = False
    throttle: bool = False
    cause: _Cause | str | None = None
    """The exceptions, or the id of one in another segment."""

    aws: _Aws = _Aws()
    subsegments: list["_Document"] = []


def parse_trace(trace_id: str, texts: Iterable[str]) -> Trace:
    """Return a trace from the texts of its segment documents, in any order.

    Inferred segments are left out: they repeat the subsegment of a call to another service.
    """
    texts = [*texts]
    documents = [_Document.model_validate_json(text) for text in texts]
    known = [document for document in documents if not document.inferred]
    tree = _Tree(known)
    raw = tuple(json.loads(text) for text in texts)
    return Trace(trace_id, tree.roots(), _invocation(known), raw)


class _Tree:
    """The documents of a trace by the id of their parents."""

    def __init__(self, documents: list[_Document]) -> None:
        self._children: dict[str | None, list[_Document]] = {}
        nodes = [node for document in documents for node in _walk(document)]
        ids = {node.id for node in nodes}
        for document in documents:
            parent = document.parent_id if document.parent_id in ids else None
            self._children.setdefault(parent, []).append(document)

    def roots(self) -> tuple[Segment, ...]:
        return self._build(self._children.get(None, []))

    def _build(self, documents: list[_Document]) -> tuple[Segment, ...]:
        ordered = sorted(documents, key=lambda document: document.start_time)
        return tuple(map(self._segment, ordered))

    def _segment(self, document: _Document) -> Segment:
        # Each document has one place, even if two segments have one id.
        separate = self._children.pop(document.id, [])
        return Segment(
            _name(document),
            document.start_time,
            document.start_time if document.end_time is None else document.end_time,
            tuple(_marks(document)),
            tuple(_reasons(document)),
            self._build([*document.subsegments, *separate]),
        )


def _walk(document: _Document) -> Iterator[_Document]:
    yield document
    for child in document.subsegments:
        yield from _walk(child)


def _name(document: _Document) -> str:
    """Return the origin of Lambda's segments, because both have the function's name."""
    if document.origin in {_SERVICE, _FUNCTION}:
        return document.origin
    return " ".join(filter(None, (document.name, document.aws.operation)))


def _marks(document: _Document) -> Iterator[Mark]:
    if document.fault:
        yield "fault"
    if document.error:
        yield "error"
    if document.throttle:
        yield "throttle"
    if document.end_time is None:
        yield "unfinished"


def _reasons(document: _Document) -> Iterator[str]:
    if isinstance(document.cause, _Cause):
        for each in document.cause.exceptions:
            yield ": ".join(filter(None, (each.type, each.message)))


def _invocation(documents: Iterable[_Document]) -> str | None:
    ids = (each.aws.request_id for each in documents if each.origin == _SERVICE)
    return next(filter(None, ids), None)
