"""Odd events for the handler: random ones, and ones with a body around the limit."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final, cast

from infra.paths import OPENAPI
from src.api.body_limit import MAX_BODY_SIZE
from tests.backend.lambda_handler import make_event

type Event = dict[str, Any]
type Change = Callable[[random.Random, Event], None]

_SURROGATE: Final = "\ud800"
_TEXTS: Final = (
    *("", " ", "0", "-1", "null", "undefined", "NaN", "true", "é", "\u4e16\u754c", "\U0001f600"),
    *("\x00", "\n", "\r\n\r\nGET / HTTP/1.1", "\t", "\x7f", "\u202e", "\ufeff", _SURROGATE, "%"),
    *("%00", "%ff", "%2e%2e%2f", "../../etc/passwd", "..\\..\\windows", "{id}", "$default"),
    *("' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "a" * 10_000),
    *("/", "//", "/./", "#", "?", "a=b&a=c", "a[b]=c", "9" * 400, "1e999", "-0", "\uff10\uff11"),
)
_VALUES: Final = cast(
    "tuple[object, ...]",
    (
        *(
            None,
            True,
            False,
            0,
            7,
            -1,
            2**63,
            1.5,
            1e308,
            [],
            {},
            [None],
            [[[]]],
            {"": ""},
            ["a", 1],
        ),
        *_TEXTS,
    ),
)
"""Values of JSON; Lambda's runtime reads each event from JSON."""

_HEADERS: Final = (
    *("authorization", "content-type", "content-length", "transfer-encoding", "origin", "host"),
    *("accept-encoding", "if-none-match", "x-session-id", "x-forwarded-for", "x-forwarded-host"),
    *("x-forwarded-port", "x-forwarded-proto", "x-http-method-override", "x-method-override"),
    *("access-control-request-method", "access-control-request-headers", "cookie", "expect"),
    *("user-agent", "range", "upgrade", "x-amzn-trace-id", "", "é", "a b", _SURROGATE, "x" * 9_000),
)
_UNKNOWN: Final = "/nothing"
_METHODS: Final = (
    *("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"),
    *("get", "", " ", "GET\r\n", "é", _SURROGATE, "M" * 1_000),
)
_BODIES: Final = (
    *("", " ", "{", "[]", "null", "7", '"text"', "{}", '{"a": 1, "a": 2}', "NaN", '{"": null}'),
    *('{"email": "\\ud800"}', "[" * 5_000, '{"a":' * 5_000, "9" * 5_000, "1e999", "\ufeff{}"),
    *("a=b&c=d", "--x\r\n\r\n--x--", "<xml/>", "x" * 100_000),
)


def make_odd_events(seed: int, count: int, owner_token: str) -> Iterator[Event]:
    """Yield events, half of them with a good token; the same seed makes the same ones."""
    chosen = random.Random(seed)  # noqa: S311 - for tests, not for secrets
    calls = _calls()
    for _ in range(count):
        method, path = chosen.choice(calls)
        event = make_event(method, path, origin="https://example.com")
        if chosen.random() < 1 / 2:
            event["headers"]["authorization"] = f"Bearer {owner_token}"
        for change in sorted(chosen.sample(_CHANGES, chosen.randint(1, 4)), key=_CHANGES.index):
            change(chosen, event)
        yield event


def make_large_events() -> Iterator[tuple[Event, int]]:
    """Yield events of every route with bodies around each limit, and the size of the body."""
    for method, path in _calls():
        for size in (0, 1, MAX_BODY_SIZE - 1, MAX_BODY_SIZE, MAX_BODY_SIZE + 1):
            content = base64.b64encode(b" " * size).decode()
            headers = {"content_type": "application/json", "content_length": str(size)}
            event = make_event(method, path, content, **headers)
            event["isBase64Encoded"] = True
            yield event, size


def check_answer_to_large(answer: dict[str, Any], event: Event, size: int) -> None:
    """Check that only a body above the limit is refused for its size."""
    check_answer(answer)
    is_refused = answer["statusCode"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    is_above = size > MAX_BODY_SIZE and event["rawPath"] != _UNKNOWN
    assert is_refused == is_above, (event["rawPath"], size)


def check_answer(answer: dict[str, Any]) -> None:
    """Check that an answer has the gateway's form, and is not a failure of ours."""
    assert 200 <= answer["statusCode"] < 500, answer
    assert isinstance(answer["body"], str)
    assert isinstance(answer["isBase64Encoded"], bool)
    names = {name.lower() for name in answer["headers"]}
    assert {"x-request-id", "x-content-type-options", "strict-transport-security"} <= names
    for name, value in answer["headers"].items():
        assert not {"\r", "\n"} & {*name, *value}, (name, value)
    # Lambda's runtime sends it as JSON in UTF-8.
    json.dumps(answer, ensure_ascii=False).encode()


def _calls() -> list[tuple[str, str]]:
    paths: dict[str, dict[str, Any]] = json.loads(OPENAPI.read_text())["paths"]
    known = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [*known, ("GET", "/docs"), ("GET", "/openapi.json"), ("GET", _UNKNOWN)]


def _set_method(chosen: random.Random, event: Event) -> None:
    event["requestContext"]["http"]["method"] = chosen.choice(_METHODS)


def _set_path(chosen: random.Random, event: Event) -> None:
    parts = [chosen.choice(_TEXTS) for _ in range(chosen.randint(1, 3))]
    path: str = chosen.choice([event["rawPath"], ""])
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/".join([path, *parts])


def _fill_path(chosen: random.Random, event: Event) -> None:
    for name in ("{id}", "{slug}", "{type}", "{content_type}", "{content_id}", "{post_id}"):
        filled: str = event["rawPath"].replace(name, chosen.choice(_TEXTS))
        event["rawPath"] = event["requestContext"]["http"]["path"] = filled


def _set_query(chosen: random.Random, event: Event) -> None:
    names = ("limit", "offset", "status", "tag", "featured", "days", "months", "", _SURROGATE)
    pairs = [
        f"{chosen.choice(names)}={chosen.choice(_TEXTS)}" for _ in range(chosen.randint(1, 20))
    ]
    event["rawQueryString"] = chosen.choice(["&", ";", "&&"]).join(pairs)


def _set_headers(chosen: random.Random, event: Event) -> None:
    for _ in range(chosen.randint(1, 5)):
        event["headers"][chosen.choice(_HEADERS)] = chosen.choice(_TEXTS)


def _set_odd_header(chosen: random.Random, event: Event) -> None:
    event["headers"][chosen.choice(_HEADERS)] = chosen.choice(_VALUES)


def _set_cookies(chosen: random.Random, event: Event) -> None:
    event["cookies"] = [chosen.choice(_VALUES) for _ in range(chosen.randint(0, 3))]


def _set_body(chosen: random.Random, event: Event) -> None:
    event["body"] = chosen.choice(_BODIES)
    event["headers"]["content-type"] = chosen.choice(["application/json", "text/plain", ""])


def _set_encoded_body(chosen: random.Random, event: Event) -> None:
    content = chosen.choice(_BODIES).encode("utf-8", "replace")
    encoded = base64.b64encode(chosen.choice([content, b"\xff\xfe", b""])).decode()
    event["body"] = encoded[: chosen.choice([None, -1, 3])]
    event["isBase64Encoded"] = True


def _set_any_value(chosen: random.Random, event: Event) -> None:
    part = _any_part(chosen, event)
    if part:
        part[chosen.choice(list(part))] = chosen.choice(_VALUES)


def _remove_any_value(chosen: random.Random, event: Event) -> None:
    part = _any_part(chosen, event)
    if part:
        del part[chosen.choice(list(part))]


def _any_part(chosen: random.Random, event: Event) -> Event:
    """Return the event, or an object in it."""
    part = event
    while inner := [cast("Event", each) for each in part.values() if isinstance(each, dict)]:
        if chosen.random() < 1 / 3:
            break
        part = chosen.choice(inner)
    return part


_CHANGES: Final[tuple[Change, ...]] = (
    # In this order: the last two can leave an event without the parts of the others.
    *(_set_method, _set_path, _fill_path, _set_query, _set_headers, _set_odd_header),
    *(_set_cookies, _set_body, _set_encoded_body, _set_any_value, _remove_any_value),
)
