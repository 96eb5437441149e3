"""What the calls of a DynamoDB client cost."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

type _Attributes = dict[str, Any]

_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query"})


@dataclass
class Cost:
    """The sum of some calls."""

    calls: int = 0
    items: int = 0
    """Items read."""

    size: int = 0
    """Bytes of the items read, in DynamoDB's JSON."""

    read_units: float = 0
    write_units: float = 0

    @property
    def units(self) -> float:
        """All consumed capacity."""
        return self.read_units + self.write_units


class Meter:
    """Listens to a client and adds up what its calls cost.

    DynamoDB Local adds up the items of a transaction and then rounds; AWS rounds each up to
    1 KB. So what a transaction writes is worked out here, from the items before and after it.
    """

    def __init__(self, client: "DynamoDBClient", observer: "DynamoDBClient") -> None:
        """Take the client to listen to, and one of the same endpoint that nobody listens to."""
        self._cost = Cost()
        self._observer = observer
        self._written: list[_Write] = []
        events = client.meta.events
        events.register("provide-client-params.dynamodb.*", _ask_for_capacity)
        events.register(
            "provide-client-params.dynamodb.TransactWriteItems", self._look_before_transaction
        )
        events.register("after-call.dynamodb.*", self._add)

    def measure(self, work: Callable[[], object]) -> Cost:
        """Do some work and return what it cost."""
        self._cost = cost = Cost()
        work()
        # What comes after the work is not part of it.
        self._cost = Cost()
        return cost

    def _look_before_transaction(self, params: dict[str, Any], **_context: Any) -> None:
        actions = [action for each in params["TransactItems"] for action in each.values()]
        self._written = [
            _Write(action["TableName"], key, self._find(action["TableName"], key))
            for action in actions
            for key in [_key_of(action)]
        ]

    def _add(self, model: Any, parsed: dict[str, Any], **_context: Any) -> None:
        cost, items = self._cost, _items_of(parsed)
        cost.calls += 1
        cost.items += len(items)
        cost.size += sum(len(json.dumps(item).encode()) for item in items)
        if model.name == "TransactWriteItems":
            cost.write_units += sum(map(self._units_of, self._written))
        elif model.name in _READS:
            cost.read_units += _capacity_of(parsed)
        else:
            cost.write_units += _capacity_of(parsed)

    def _units_of(self, write: "_Write") -> int:
        after = self._find(write.table_name, write.key)
        base = max(1, math.ceil(max(_size_of(write.before), _size_of(after)) / 1024))
        return 2 * (base + _index_writes(write.before, after))

    def _find(self, table_name: str, key: _Attributes) -> _Attributes:
        answer = self._observer.get_item(TableName=table_name, Key=key, ConsistentRead=True)
        return answer.get("Item", {})


@dataclass(frozen=True)
class _Write:
    """An item that a transaction is about to write, or to check."""

    table_name: str
    key: _Attributes
    before: _Attributes


def _key_of(action: Mapping[str, Any]) -> _Attributes:
    attributes: _Attributes = action.get("Key") or action["Item"]
    return {name: attributes[name] for name in ("PK", "SK")}


def _index_writes(before: _Attributes, after: _Attributes) -> int:
    """A number that changes leaves one place in the index, and takes another."""
    old, new = before.get("views"), after.get("views")
    return 0 if old == new else sum(each is not None for each in (old, new))


def _size_of(value: Any) -> int:
    """An item's size or an attribute's, near enough: a number of n digits has n / 2 + 1 bytes.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    match value:
        case {"S": text}:
            return len(text.encode())
        case {"N": digits}:
            return len(digits) // 2 + 1
        case {"L": values}:
            return 3 + sum(1 + _size_of(each) for each in values)
        case {"BOOL": _} | {"NULL": _}:
            return 1
        case _:
            return sum(len(name.encode()) + _size_of(each) for name, each in value.items())


def _ask_for_capacity(params: dict[str, Any], model: Any, **_context: Any) -> None:
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _items_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [answer["Item"]] if "Item" in answer else []
    batches: Mapping[str, list[dict[str, Any]]] = answer.get("Responses", {})
    return [*found, *answer.get("Items", []), *chain.from_iterable(batches.values())]


def _capacity_of(answer: Mapping[str, Any]) -> float:
    """A call on one table answers with a structure, one on several with a list."""
    consumed: Any = answer.get("ConsumedCapacity", [])
    if isinstance(consumed, dict):
        consumed = [consumed]
    return sum(capacity["CapacityUnits"] for capacity in consumed)
