from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from src.repositories.conditions import ABSENT, equal
from src.repositories.table import Outcome, Table
from src.repositories.views import VIEWS_INDEX
from tests.backend.content_checks import clear_table
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import cancelled, keep_answers_short, record, refuse

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

KEY = ("a", "1")


@pytest.fixture
def table(
    own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> Iterator[Table]:
    yield Table(own_client, table_name)
    clear_table(dynamodb, table_name)


def test_values_come_back_as_they_went(table: Table) -> None:
    values: dict[str, Any] = {
        "text": "é",
        "empty": "",
        "yes": True,
        "none": None,
        "number": 12,
        "list": ["a", 1],
        "map": {"key": "value"},
    }
    assert table.transact([table.put(KEY, values)]).committed
    assert table.get(KEY) == {"PK": "a", "SK": "1", **values}
    assert table.get(("a", "2")) is None


def test_many_are_got_by_hundreds(table: Table, own_client: "DynamoDBClient") -> None:
    keys = [("a", f"{number:03}") for number in range(150)]
    for start in (0, 100):
        table.transact([table.put(key, {}) for key in keys[start : start + 100]])
    calls = record(own_client)

    assert table.get_many([*keys, ("b", "1")]).keys() == set(keys)
    assert [name for name, _ in calls] == ["BatchGetItem", "BatchGetItem"]
    assert table.get_many([]) == {}


def test_keys_left_over_by_a_batch_are_read_again(
    table: Table, own_client: "DynamoDBClient"
) -> None:
    keys = [("a", f"{number:03}") for number in range(10)]
    table.transact([table.put(key, {}) for key in keys])
    calls = record(own_client)
    keep_answers_short(own_client, items=4)

    assert table.get_many(keys).keys() == set(keys)
    assert [name for name, _ in calls] == ["BatchGetItem"] * 3


def test_a_long_partition_is_read_to_its_end(table: Table, own_client: "DynamoDBClient") -> None:
    # A query's answer holds 1 MB at most.
    keys = [("a", str(number)) for number in range(8)]
    table.transact([table.put(key, {"text": "x" * 300_000}) for key in keys])
    calls = record(own_client)

    assert [item["SK"] for item in table.query("a", limit=6)] == ["7", "6", "5", "4", "3", "2"]
    first, *rest = [params["Limit"] for _, params in calls]
    assert first == 6
    assert rest
    assert all(limit < first for limit in rest)
    assert len(list(table.query("a"))) == 8


def test_a_query_reads_one_partition_backwards(table: Table) -> None:
    keys = [("a", "x1"), ("a", "x2"), ("a", "y1"), ("ab", "x3")]
    table.transact([table.put(key, {}) for key in keys])

    assert [item["SK"] for item in table.query("a")] == ["y1", "x2", "x1"]
    assert [item["SK"] for item in table.query("a", prefix="x")] == ["x2", "x1"]
    assert [item["SK"] for item in table.query("a", first="x2")] == ["y1", "x2"]
    assert [item["SK"] for item in table.query("a", limit=2)] == ["y1", "x2"]
    assert list(table.query("none")) == []


def test_all_is_done_or_nothing_and_the_failed_condition_is_returned(table: Table) -> None:
    table.transact([table.put(KEY, {"version": 1})])

    outcome = table.transact(
        [table.delete(("b", "1")), table.put(KEY, {}, ABSENT), table.put(("c", "1"), {}, ABSENT)]
    )

    assert not outcome.committed
    assert [outcome.condition_failed(action) for action in range(4)] == [False, True, False, False]
    assert table.get(("c", "1")) is None
    assert table.transact([table.delete(KEY, equal({"version": 1}))]).committed
    assert table.get(KEY) is None


def test_a_missing_number_counts_as_zero(table: Table) -> None:
    table.transact([table.add(KEY, {"status": 2, "a#b": 1})])
    table.transact([table.add(KEY, {"status": -3})])

    assert table.get(KEY) == {"PK": "a", "SK": "1", "status": -1, "a#b": 1}


def test_attributes_are_set_as_numbers_are_added(table: Table) -> None:
    table.transact([table.add(KEY, {"x": 2}, {"last": "a", "count": 1})])
    table.transact([table.add(KEY, {"x": 2, "y": 1}, {"last": "b"})])

    assert table.get(KEY) == {"PK": "a", "SK": "1", "x": 4, "y": 1, "last": "b", "count": 1}


def test_attributes_are_removed_only_where_the_condition_holds(
    table: Table, own_client: "DynamoDBClient"
) -> None:
    table.transact([table.put(KEY, {"x": 0, "y": 1, "z": 0})])

    assert not table.remove(KEY, ["x", "y"], equal({"x": 0, "y": 0}))
    assert table.remove(KEY, ["x", "z"], equal({"x": 0, "z": 0}))
    assert table.get(KEY) == {"PK": "a", "SK": "1", "y": 1}
    refuse(own_client, "UpdateItem", {"__type": "TransactionConflictException"})
    assert not table.remove(KEY, ["y"], equal({"y": 1}))


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
)
def test_a_conflict_is_an_outcome(table: Table, own_client: "DynamoDBClient", reason: str) -> None:
    refuse(own_client, "TransactWriteItems", cancelled("None", reason))

    outcome = table.transact([table.delete(KEY), table.delete(("b", "1"))])

    assert outcome == Outcome(("None", reason))
    assert not outcome.condition_failed(1)


@pytest.mark.parametrize("codes", [(), ("ValidationError",), ("TransactionConflict", "Other")])
def test_an_impossible_transaction_is_an_error(
    table: Table, own_client: "DynamoDBClient", codes: tuple[str, ...]
) -> None:
    refuse(own_client, "TransactWriteItems", cancelled(*codes))

    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.transact([table.delete(KEY)])


def test_a_write_whose_answer_was_lost_is_done_once(
    table: Table, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient"
) -> None:
    """Botocore sends the same request again; DynamoDB knows it by its token."""

    def write_but_lose_the_answer(params: dict[str, Any], **_context: Any) -> None:
        if not sent:
            sent.append(params)
            dynamodb.transact_write_items(**params)

    sent: list[dict[str, Any]] = []
    own_client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems", write_but_lose_the_answer
    )

    assert table.transact([table.add(KEY, {"count": 1})]).committed
    assert table.get(KEY) == {"PK": "a", "SK": "1", "count": 1}


def test_every_read_but_an_indexs_is_consistent(table: Table, own_client: "DynamoDBClient") -> None:
    calls = record(own_client)

    table.get(KEY)
    table.get_many([KEY])
    list(table.query("a"))
    list(table.query("a", index=VIEWS_INDEX))

    [get, batch, query, of_index] = [params for _, params in calls]
    [of_table] = batch["RequestItems"].values()
    assert get["ConsistentRead"]
    assert of_table["ConsistentRead"]
    assert query["ConsistentRead"]
    assert not of_index["ConsistentRead"]
