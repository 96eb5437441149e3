"""Log groups on the emulator, and what CloudWatch Logs does that the emulator does not."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from portfolio.logs.events import LogEvent, LogGroup

if TYPE_CHECKING:
    from botocore.awsrequest import AWSResponse
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.local.emulator import Emulator
    from portfolio.logs.events import StageLogs

STREAM = "stream"


def connect(emulator: "Emulator") -> "CloudWatchLogsClient":
    """A new client, with the patience of the command's own."""
    # Slow to import, for those who connect alone.
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    from portfolio.local.emulator import ACCESS_KEY  # noqa: PLC0415
    from portfolio.stage_access import PATIENT  # noqa: PLC0415

    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")
    config = PATIENT.merge(Config(proxies={}))
    return session.client("logs", endpoint_url=emulator.endpoint, config=config)


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def create_logs(client: "CloudWatchLogsClient") -> "StageLogs":
    """A stage's two log groups, new ones."""
    from portfolio.logs.events import StageLogs  # noqa: PLC0415 - as above

    name = uuid.uuid4().hex
    access = LogGroup(f"/aws/vendedlogs/{name}", "access")
    function = LogGroup(f"/aws/lambda/{name}", "function")
    for group in (access, function):
        client.create_log_group(logGroupName=group.name)
        client.create_log_stream(logGroupName=group.name, logStreamName=STREAM)
    return StageLogs(client, (access, function))


def put(
    client: "CloudWatchLogsClient", group: str, *messages: str, timestamp: int | None = None
) -> None:
    """Put events of one millisecond, by default the present one."""
    moment = now() if timestamp is None else timestamp
    client.put_log_events(
        logGroupName=group,
        logStreamName=STREAM,
        logEvents=[{"timestamp": moment, "message": message} for message in messages],
    )


def put_by_time(client: "CloudWatchLogsClient", group: str, counts: dict[int, int]) -> None:
    """Put events with the same text, and a number of them for each millisecond."""
    for moment, count in counts.items():
        for size in (min(count, 10_000), max(count - 10_000, 0)):
            if size:
                put(client, group, *["same"] * size, timestamp=moment)


def messages(events: Iterable[LogEvent]) -> list[str]:
    return [event.message for event in events]


def event(message: str, source: Any = "function", timestamp: int | None = None) -> LogEvent:
    """An event as it is read."""
    moment = now() if timestamp is None else timestamp
    return LogEvent(LogGroup("group", source), object(), moment, message, {"message": message})


def answer_in_pages(client: "CloudWatchLogsClient", size: int) -> None:
    """Cut answers into pages after an empty one, as AWS may; the emulator has no pages."""
    asked: list[int | None] = []

    def note(params: dict[str, Any], **_context: Any) -> None:
        token = params.get("nextToken")
        asked.append(None if token is None else int(token))

    def cut(parsed: dict[str, Any], **_context: Any) -> None:
        offset, found = asked[-1], parsed["events"]
        parsed["events"] = [] if offset is None else found[offset : offset + size]
        following = 0 if offset is None else offset + size
        if following < len(found):
            parsed["nextToken"] = str(following)

    client.meta.events.register("provide-client-params.logs.FilterLogEvents", note)
    client.meta.events.register("after-call.logs.FilterLogEvents", cut)


def drop_event_ids(client: "CloudWatchLogsClient") -> None:
    """Answer without the events' ids, as the emulator does for what a function wrote."""

    def drop(parsed: dict[str, Any], **_context: Any) -> None:
        for each in parsed["events"]:
            del each["eventId"]

    client.meta.events.register("after-call.logs.FilterLogEvents", drop)


def throttle(client: "CloudWatchLogsClient", times: int) -> Counter[str]:
    """Refuse the next calls for coming too often; return a count of all calls."""
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - as above
    from botocore.compat import HTTPHeaders  # noqa: PLC0415 - as above

    calls: Counter[str] = Counter()
    body = json.dumps({"__type": "ThrottlingException", "message": "Rate exceeded"}).encode()

    def refuse(request: Any, **_context: Any) -> "AWSResponse | None":
        calls["FilterLogEvents"] += 1
        if calls["FilterLogEvents"] > times:
            return None
        return AWSResponse(request.url, 400, HTTPHeaders(), _Raw(body))

    event_name = "before-send.logs.FilterLogEvents"
    # The stubs know handlers that return nothing; this event's may answer.
    client.meta.events.register(event_name, refuse)  # pyright: ignore[reportArgumentType]
    return calls


def record_queries(client: "CloudWatchLogsClient") -> list[dict[str, Any]]:
    """Return a list that the parameters of every call will be added to."""
    queries: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_context: Any) -> None:
        queries.append(dict(params))

    client.meta.events.register("provide-client-params.logs.FilterLogEvents", note)
    return queries


class _Raw(BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_options: Any) -> Iterable[bytes]:
        yield self.read()
