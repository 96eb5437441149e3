"""The JSON of the log's lines, for any record."""

import json
import logging
from typing import Any

import pytest

from src.utils.logging import REQUEST_IDS, JsonFormatter, RequestIds


def formatted(message: str, *arguments: object, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("name", logging.INFO, "", 0, message, arguments, None)
    record.__dict__.update(extra)
    line: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return line


def test_a_record_outside_a_request_has_no_ids() -> None:
    line = formatted("one %s", "two", fields={"count": 3})
    assert (line["requestId"], line["functionRequestId"]) == (None, None)
    assert (line["message"], line["count"]) == ("one two", 3)


def test_a_record_inside_a_request_has_both_ids() -> None:
    token = REQUEST_IDS.set(RequestIds("gateway", "function"))
    line = formatted("message")
    REQUEST_IDS.reset(token)
    assert (line["requestId"], line["functionRequestId"]) == ("gateway", "function")


@pytest.mark.parametrize(
    ("value", "told"), [("\ud800", "\ud800"), ("é", "é"), (NotImplemented, "NotImplemented")]
)
def test_values_without_a_json_form_are_logged_too(value: object, told: str) -> None:
    assert formatted("message", fields={"value": value})["value"] == told
