"""Pulumi functions of AWS, such as `getZone`: they create nothing."""

from collections.abc import Callable
from typing import Final

from tests.real.engine.stand_in.account import Account, RefusedError
from tests.real.engine.stand_in.resource_type import Properties


def call_function(account: Account, token: str, arguments: Properties) -> Properties:
    """Return the result of a function.

    Raises:
        RefusedError: if the stand-in does not know it.
    """
    if token not in _FUNCTIONS:
        raise RefusedError(
            f"The stand-in does not know {token}: declare it in "
            "tests/real/engine/stand_in/functions.py."
        )
    return _FUNCTIONS[token](account, arguments)


def _caller_identity(account: Account, _arguments: Properties) -> Properties:
    return {
        "id": account.id,
        "accountId": account.id,
        "arn": f"arn:aws:iam::{account.id}:user/deployer",
        "userId": "AIDADEPLOYER",
    }


def _region(account: Account, _arguments: Properties) -> Properties:
    return {"id": account.region, "name": account.region, "region": account.region}


def _partition(_account: Account, _arguments: Properties) -> Properties:
    return {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com"}


def _zone(_account: Account, arguments: Properties) -> Properties:
    name = arguments["name"].rstrip(".")
    return {"id": "Z0STANDIN", "zoneId": "Z0STANDIN", "name": name, "privateZone": False}


_FUNCTIONS: Final[dict[str, Callable[[Account, Properties], Properties]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:route53/getZone:getZone": _zone,
}
