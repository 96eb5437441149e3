"""The demands of requests in docs/scale.md are those of the app's calls."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx

from tests.backend.content_checks import clear_table, post_body
from tests.backend.dynamodb_traffic import record
from tests.scale.demands import (
    Demand,
    Demands,
    count_view,
    count_visit,
    list_posts,
    read_post,
    repeat_visit,
)

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_dynamodb import DynamoDBClient


def units(name: str, parameters: dict[str, Any]) -> Iterator[tuple[str, Demand]]:
    """Yield the demands of a call that reads or writes small items."""
    read = Demand(reads=1 if parameters.get("ConsistentRead") else 0.5)
    if name == "GetItem":
        yield parameters["Key"]["PK"]["S"], read
    elif name == "Query":
        yield parameters["ExpressionAttributeValues"][":partition"]["S"], read
    elif name == "BatchGetItem":
        (keys,) = parameters["RequestItems"].values()
        for key in keys["Keys"]:
            yield key["PK"]["S"], Demand(reads=1 if keys["ConsistentRead"] else 0.5)
    else:
        assert name == "TransactWriteItems"
        for action in parameters["TransactItems"]:
            (write,) = action.values()
            yield (write.get("Key") or write["Item"])["PK"]["S"], Demand(writes=2)


def demands_of(calls: list[tuple[str, dict[str, Any]]]) -> Demands:
    found: dict[str, Demand] = defaultdict(Demand)
    for call in calls:
        for partition, demand in units(*call):
            key = re.sub(r"[0-9a-f]{8}-[-0-9a-f]+", "<id>", partition)
            key = re.sub(r"^session#.*", "session#<session>", key)
            known = found[key]
            found[key] = Demand(known.reads + demand.reads, known.writes + demand.writes)
    calls.clear()
    return found


def test_the_demands_are_those_of_the_calls(
    app: "FastAPI",
    client: httpx.Client,
    owner_headers: dict[str, str],
    dynamodb: "DynamoDBClient",
    table_name: str,
) -> None:
    clear_table(dynamodb, table_name)
    post = client.post("/blogs", json=post_body(), headers=owner_headers).json()["id"]
    client.post(f"/blogs/{post}/publish", headers=owner_headers)
    calls = record(app.state.services.dynamodb)

    client.get("/blogs?limit=20")
    assert demands_of(calls) == list_posts(post_units=1)
    client.get(f"/blogs/{post}")
    assert demands_of(calls) == read_post(post_units=1)
    client.post("/visitors/track", headers={"X-Session-Id": "a"})
    assert demands_of(calls) == count_visit()
    client.post("/visitors/track", headers={"X-Session-Id": "a"})
    assert demands_of(calls) == repeat_visit()
    client.post(f"/analytics/track/blog/{post}", headers={"X-Session-Id": "a"})
    assert demands_of(calls) == count_view()
