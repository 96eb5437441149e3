"""Sources of old items: the table itself, or its export to S3."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from infra.errors import MigrationError
from src.repositories.attributes import decode

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import ScanInputTypeDef

    from portfolio.migration.layout import Attributes

READ_UNITS: Final = 200
"""Read units a second for a scan: 800 KB. The old API needs its share."""

_PAGE: Final = 200
"""Limit of items in a page of a scan."""

_SUMMARY: Final = "manifest-summary.json"


class Source(Protocol):
    """A place with old items."""

    @property
    def name(self) -> str:
        """Its name for people."""
        ...

    def estimate(self) -> int | None:
        """Return the number of items if it is known, for a progress bar."""
        ...

    def items(self) -> "Iterator[Attributes]":
        """Yield the attributes of every item."""
        ...


@dataclass
class Pace:
    """Pauses between reads, for at most so many units a second."""

    units: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _free_at: float = 0

    def spend(self, units: float) -> None:
        """Note the units of a read, and sleep until the next one may start."""
        now = self.clock()
        self._free_at = max(self._free_at, now) + units / self.units
        # A tenth of a second saved up needs no pause.
        if self._free_at - now > 0.1:  # noqa: PLR2004 - as above
            self.sleep(self._free_at - now)


@dataclass(frozen=True)
class OldTable:
    """The old table, read by a scan: its index is out of date."""

    client: "DynamoDBClient"
    name: str
    pace: Pace = field(default_factory=lambda: Pace(READ_UNITS))

    def estimate(self) -> int | None:
        """Return the number of items, a few hours old.

        Raises:
            MigrationError: if the table does not exist, or has other keys.
        """
        try:
            table = self.client.describe_table(TableName=self.name)["Table"]
        except self.client.exceptions.ResourceNotFoundException:
            raise MigrationError(
                f"The table {self.name} does not exist in {self.client.meta.region_name}: "
                "check --from, --from-region and --from-profile."
            ) from None
        keys = [key["AttributeName"] for key in table.get("KeySchema", [])]
        if keys != ["PK", "SK"]:
            raise MigrationError(
                f"The table {self.name} has the keys {', '.join(keys)} instead of PK, SK: "
                "check --from."
            )
        return table.get("ItemCount")

    def items(self) -> "Iterator[Attributes]":
        """Yield the attributes of every item, with pauses between the pages."""
        request: ScanInputTypeDef = {
            "TableName": self.name,
            "ConsistentRead": True,
            "Limit": _PAGE,
            "ReturnConsumedCapacity": "TOTAL",
        }
        while True:
            page = self.client.scan(**request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
            self.pace.spend(page.get("ConsumedCapacity", {}).get("CapacityUnits", 0))


@dataclass(frozen=True)
class ExportFiles:
    """An export of the old table to S3, in DynamoDB JSON: its folder, or one of its files."""

    path: Path

    @property
    def name(self) -> str:
        """The path."""
        return str(self.path)

    def estimate(self) -> int | None:
        """Return the number of items in the export's summary, if it is there."""
        summary = self.path / _SUMMARY
        if not summary.is_file():
            return None
        try:
            return int(json.loads(summary.read_bytes())["itemCount"])
        except (ValueError, KeyError, TypeError):
            raise MigrationError(
                f"{summary} has no itemCount: download the export again."
            ) from None

    def items(self) -> "Iterator[Attributes]":
        """Yield the attributes of every item.

        Raises:
            MigrationError: if files are missing or not an export.
        """
        count, expected = 0, self.estimate()
        for file in self._files():
            for item in _read(file):
                count += 1
                yield item
        if expected not in {None, count}:
            raise MigrationError(
                f"{self.path} has {count} items, but {_SUMMARY} says {expected}: "
                "download the folder again, with all files in data/."
            )

    def _files(self) -> list[Path]:
        if self.path.is_file():
            return [self.path]
        for folder in (self.path / "data", self.path):
            if files := sorted(folder.glob("*.json.gz")):
                return files
        raise MigrationError(
            f"{self.path} has no file data/*.json.gz: "
            "pass the export's folder, or one of its files."
        )


def _read(file: Path) -> "Iterator[Attributes]":
    number = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield _item(json.loads(line))
    except (ArithmeticError, AttributeError, EOFError, OSError, TypeError, ValueError) as error:
        raise MigrationError(
            f"{file}, line {number}: {error}. Use an export in DynamoDB JSON "
            'with complete items: {"Item": {…}} on each line.'
        ) from None


def _item(line: Any) -> "Attributes":  # noqa: ANN401 - what JSON holds
    match line:
        case {"Item": {"PK": {"S": str()}, "SK": {"S": str()}} as item}:
            # Fails for an attribute without a known type.
            decode(item)
            return item
        case _:
            raise ValueError("no item with PK and SK")
