"""Limits of DynamoDB that matter to the repositories."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError

from src.repositories.conditions import equal
from src.repositories.table import Action, Table
from src.repositories.views import VIEWS_INDEX
from tests.backend.content_checks import clear_table
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

KEY: Final = ("a", "1")
LARGEST_ITEM: Final = 400 * 1024
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
RESERVED_WORDS: Final = (
    "status",
    "count",
    "total",
    "name",
    "type",
    "views",
    "date",
    "items",
)


@pytest.fixture
def table(dynamodb: "DynamoDBClient", table_name: str) -> Iterator[Table]:
    yield Table(dynamodb, table_name)
    clear_table(dynamodb, table_name)


def item_of_size(table: Table, size: int) -> Action:
    """Return an item of so many bytes; DynamoDB counts the names of attributes too."""
    keys = sum(map(len, ("PK", "SK", *KEY)))
    return table.put(KEY, {"x": "x" * (size - keys - 1)})


def test_names_that_are_words_of_the_language_can_be_used(table: Table) -> None:
    numbers: dict[str, int] = dict.fromkeys(RESERVED_WORDS, 1)
    table.transact([table.add(KEY, numbers)])
    table.transact([table.put(("a", "2"), numbers)])

    assert table.transact([table.delete(("a", "2"), equal(numbers))]).committed
    assert table.remove(KEY, RESERVED_WORDS, equal(numbers))
    assert table.get(KEY) == {"PK": "a", "SK": "1"}


def test_an_empty_string_is_a_value_but_no_key(table: Table) -> None:
    values: dict[str, Any] = {"text": "", "list": ["", {"text": ""}], "map": {}}

    assert table.transact([table.put(KEY, values)]).committed
    assert table.get(KEY) == {"PK": "a", "SK": "1", **values}
    for key in (("", "1"), ("a", "")):
        with pytest.raises(ClientError, match="empty string"):
            table.transact([table.put(key, {})])


def test_a_transaction_takes_a_hundred_actions_and_no_more(table: Table) -> None:
    actions = [table.put(("a", str(number)), {}) for number in range(101)]

    assert table.transact(actions[:100]).committed
    with pytest.raises(ClientError, match="ValidationException"):
        table.transact(actions)


def test_a_transaction_changes_an_item_once(table: Table) -> None:
    with pytest.raises(ClientError, match="multiple operations on one item"):
        table.transact([table.put(KEY, {}), table.add(KEY, {"number": 1})])
    assert table.get(KEY) is None


def test_an_item_may_have_400_kb_and_no_more(table: Table) -> None:
    assert table.transact([item_of_size(table, LARGEST_ITEM)]).committed
    with pytest.raises(ClientError, match="Item size has exceeded"):
        table.transact([item_of_size(table, LARGEST_ITEM + 1)])


def test_a_transaction_sent_twice_under_one_token_is_done_once(
    table: Table, dynamodb: "DynamoDBClient"
) -> None:
    for _ in range(2):
        dynamodb.transact_write_items(
            TransactItems=[table.add(KEY, {"number": 1})], ClientRequestToken="once"
        )
    assert table.get(KEY) == {"PK": "a", "SK": "1", "number": 1}
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        dynamodb.transact_write_items(
            TransactItems=[table.add(KEY, {"number": 2})], ClientRequestToken="once"
        )


def test_transactions_at_once_on_the_same_items_lose_nothing(table: Table) -> None:
    keys = [("a", str(number)) for number in range(10)]

    def add() -> bool:
        return table.transact([table.add(key, {"number": 1}) for key in keys]).committed

    with ThreadPoolExecutor(8) as pool:
        committed = sum(future.result() for future in [pool.submit(add) for _ in range(80)])

    # A transaction in conflict with another may be cancelled, but then as a whole.
    assert committed
    assert {int(item["number"]) for item in table.get_many(keys).values()} == {committed}


def test_the_index_sorts_items_by_number_and_has_no_others(table: Table) -> None:
    table.transact(
        [table.put(("a", str(views)), {"views": views, "title": "x"}) for views in (9, 1, 10)]
    )
    table.transact([table.put(("a", "none"), {}), table.put(("b", "2"), {"views": 2})])

    found = list(table.query("a", index=VIEWS_INDEX, limit=2))
    assert found == [{"PK": "a", "SK": str(views), "views": views} for views in (10, 9)]
    assert [item["SK"] for item in table.query("a", index=VIEWS_INDEX)] == ["10", "9", "1"]
