"""Segment documents in the form that Lambda and the X-Ray SDK write them."""

import uuid
from typing import Any, Final

ARN: Final = "arn:aws:lambda:us-east-1:111111111111:function:function"


def invocation_id(number: int) -> str:
    return str(uuid.UUID(int=number))


def trace_id(start: float, number: int) -> str:
    return f"1-{int(start):08x}-{number:024x}"


def cold_start(start: float, number: int = 1) -> list[dict[str, Any]]:
    """A trace of 1,425 ms with a new environment and a call to DynamoDB.

    The segments arrive in any order, and the call has an inferred segment too.
    """
    table = {"operation": "PutItem", "table_name": "table", "request_id": "ONUHTPGP"}
    call = {"name": "DynamoDB", "start_time": start + 1.246, "end_time": start + 1.328}
    return [
        {
            "id": "03e476fc59b9eecd",
            "name": "function",
            "start_time": start + 1.227,
            "end_time": start + 1.4247,
            "parent_id": "5f8d1a23aa89bd66",
            "aws": {"account_id": "111111111111", "function_arn": ARN},
            "origin": "AWS::Lambda::Function",
            "subsegments": [
                subsegment("03cea9c3be41a0ba", "Overhead", start + 1.4241, start + 1.4246),
                {
                    **subsegment("9a00f74249b3df61", "Invocation", start + 1.227, start + 1.424),
                    "subsegments": [{**call, "id": "b65ecbebf0c80be7", "aws": table}],
                },
                subsegment("8a2b10d894511fc9", "Initialization", start + 0.374, start + 1.226),
            ],
        },
        {**call, "id": "3dd87a2724860b51", "parent_id": "b65ecbebf0c80be7", "inferred": True},
        service(start, start + 1.425, number),
    ]


def warm(start: float, number: int, seconds: float = 0.012) -> list[dict[str, Any]]:
    """A trace of a warm environment."""
    end = start + seconds
    return [
        service(start, end, number),
        {
            **subsegment("03e476fc59b9eecd", "function", start, end),
            "parent_id": "5f8d1a23aa89bd66",
            "origin": "AWS::Lambda::Function",
            "subsegments": [subsegment("9a00f74249b3df61", "Invocation", start, end)],
        },
    ]


def crash(start: float, number: int, message: str) -> list[dict[str, Any]]:
    """A trace of a function that raised an exception."""
    lambda_, function = warm(start, number)
    raised = {"id": "1", "message": message, "type": "KeyError", "remote": False}
    return [
        {**lambda_, "error": True},
        {**function, "fault": True, "cause": {"exceptions": [raised]}},
    ]


def throttled(start: float, number: int) -> list[dict[str, Any]]:
    """A trace without an invocation, because too many run already."""
    refused = {"throttle": True, "error": True, "http": {"response": {"status": 429}}}
    return [{**service(start, start + 0.003, number), **refused}]


def service(start: float, end: float, number: int) -> dict[str, Any]:
    return {
        "id": "5f8d1a23aa89bd66",
        "name": "function",
        "start_time": start,
        "trace_id": trace_id(start, number),
        "end_time": end,
        "http": {"response": {"status": 200}},
        "aws": {"request_id": invocation_id(number)},
        "origin": "AWS::Lambda",
        "resource_arn": ARN,
    }


def subsegment(identity: str, name: str, start: float, end: float) -> dict[str, Any]:
    return {"id": identity, "name": name, "start_time": start, "end_time": end}
