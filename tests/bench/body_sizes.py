"""Sizes of bodies with and without gzip, and the processor time for compressing them."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json
from starlette.responses import Response

from infra.paths import ROOT
from src.api.compression import CompressionMiddleware
from src.api.content import ContentApi
from src.api.kinds import KINDS
from tests.bench.seed import item_body

if TYPE_CHECKING:
    from starlette.types import Message, Scope

_SHARE: Final = 0.29
"""Processors of a function with 512 MB, after its start."""

_RUNS: Final = 5
_ITEMS: Final = (1, 20, 100)
_LONG_FIELDS: Final = {"content": 8_000, "longDescription": 3_000, "description": 400}
"""Characters of real text in a field, in place of the seed's repeated word."""

_GZIP_SCOPE: Final[dict[str, Any]] = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}


def measure_body_sizes() -> dict[str, str]:
    """Compress lists of each kind as the app does; their texts are from our documentation."""
    return {
        f"{number} {api.kind.name if number == 1 else api.plural}": _measure(body)
        for api in KINDS
        for number, body in _lists(api)
    }


def _lists(api: ContentApi[Any]) -> Iterator[tuple[int, bytes]]:
    prose = "\n".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))
    now = datetime.now(UTC)
    items: list[Any] = []
    place = 0
    for number in range(max(_ITEMS)):
        sent = item_body(api, number)
        for field in sent.keys() & _LONG_FIELDS.keys():
            length = _LONG_FIELDS[field]
            place = (place + length) % (len(prose) - length)
            sent[field] = prose[place : place + length]
        fields = api.create.model_validate(sent)
        items.append(api.kind.model.draft(f"{number:036}", fields, now))
    yield from ((number, to_json({"items": items[:number]}, by_alias=True)) for number in _ITEMS)


def _measure(body: bytes) -> str:
    size, seconds = min((_compress(body) for _ in range(_RUNS)), key=lambda each: each[1])
    milliseconds = 1000 * seconds
    return (
        f"{len(body) / 1000:,.1f} KB, gzip {size / 1000:,.1f} KB ({size / len(body):.0%}), "
        f"{milliseconds:.1f} ms of CPU, {milliseconds / _SHARE:.1f} ms at {_SHARE} processors"
    )


def _compress(body: bytes) -> tuple[int, float]:
    """Return the size of a body after the app's compression, and the processor time in seconds."""
    response = Response(body, media_type="application/json")
    sent: list[bytes] = []

    async def send(message: "Message") -> None:
        sent.append(message.get("body", b""))

    async def receive() -> "Message":
        return {"type": "http.request"}

    async def answer(scope: "Scope") -> None:
        await CompressionMiddleware(response)(scope, receive, send)

    started = time.process_time()
    asyncio.run(answer(_GZIP_SCOPE))
    return len(b"".join(sent)), time.process_time() - started
