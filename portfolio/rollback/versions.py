"""The published versions of a stage's function, and the live one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from infra.components.names import LIVE
from infra.errors import StackError

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

_SHOWN: Final = 10
"""The number of versions in a message, the newest first."""


@dataclass(frozen=True)
class Version:
    """One published version."""

    number: int
    published: datetime


@dataclass(frozen=True)
class FunctionVersions:
    """The published versions, and the live one."""

    function: str
    versions: Sequence[Version]
    """In ascending order."""

    live: int

    def choose(self, number: int | None) -> int:
        """Return the version with this number, or by default the one before the live one.

        Raises:
            StackError: if it does not exist, with a list of the versions.
        """
        numbers = [version.number for version in self.versions]
        if number in numbers:
            return number
        if number is not None:
            raise self._refusal(f"version {number}")
        earlier = [each for each in numbers if each < self.live]
        if not earlier:
            raise self._refusal(f"version before {self.live}")
        return max(earlier)

    def _refusal(self, missing: str) -> StackError:
        return StackError(f"{self.function} has no {missing}. It has:\n" + "\n".join(self._lines()))

    def _lines(self) -> Iterator[str]:
        for version in reversed(self.versions[-_SHOWN:]):
            mark = f"  {LIVE}" if version.number == self.live else ""
            yield f"  {version.number}  published {version.published:%Y-%m-%d %H:%M} UTC{mark}"
        if len(self.versions) > _SHOWN:
            yield f"  and {len(self.versions) - _SHOWN} older"


def read_versions(client: "LambdaClient", function: str) -> FunctionVersions:
    """Read the versions of a function from Lambda."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    configurations: list[Any] = [each for page in pages for each in page["Versions"]]
    versions = [
        Version(int(each["Version"]), datetime.fromisoformat(each["LastModified"]))
        for each in configurations
        if each["Version"] != "$LATEST"
    ]
    alias = client.get_alias(FunctionName=function, Name=LIVE)
    in_order = sorted(versions, key=lambda version: version.number)
    return FunctionVersions(function, in_order, int(alias["FunctionVersion"]))


def make_live(client: "LambdaClient", function: str, version: int) -> None:
    """Move the alias `live` to a version."""
    client.update_alias(FunctionName=function, Name=LIVE, FunctionVersion=str(version))
