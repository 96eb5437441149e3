"""The probe's event for a handler, and its report about the answer."""

import json
from typing import Any

from infra.package.health_probe import find_problem

HEALTHY = {"statusCode": 200, "body": json.dumps({"status": "healthy"})}


def test_the_handler_gets_an_event_and_a_context_as_from_lambda() -> None:
    seen: list[Any] = []

    def handler(event: Any, context: Any) -> Any:
        seen.extend((event, context))
        return HEALTHY

    assert find_problem(lambda: handler) is None
    event, context = seen
    assert event["version"] == "2.0"
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/health"
    assert event["requestContext"]["http"]["method"] == "GET"
    assert context.aws_request_id
    assert context.get_remaining_time_in_millis() > 0


def test_another_answer_is_shown() -> None:
    answer = {"statusCode": 503, "body": '{"status": "ill"}'}
    assert find_problem(lambda: lambda *_: answer) == 'the answer is 503 {"status": "ill"}'


def test_an_exception_is_reported_in_one_line() -> None:
    def fail() -> Any:
        message = "2 errors\ntable_name\n  Field required\n    For further information visit x\n"
        raise ValueError(message)

    assert find_problem(fail) == "ValueError: 2 errors table_name Field required"


def test_an_exit_at_import_is_reported() -> None:
    def leave() -> Any:
        raise SystemExit(0)

    assert find_problem(leave) == "SystemExit: 0"
