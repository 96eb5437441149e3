"""The AWS regions for a stage."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

SNAP_START_MISSING: Final = frozenset({"ap-east-2", "ap-southeast-6"})
"""The commercial regions without SnapStart: Taipei and New Zealand (Lambda developer guide,
"Improving startup performance with Lambda SnapStart")."""


@cache
def commercial_regions() -> list[str]:
    """Return the regions of the partition `aws`, from the installed botocore.

    Other partitions have other domain names, for example in Cognito's issuers.
    """
    known: Any = json.loads((files("botocore") / "data" / "partitions.json").read_bytes())
    (commercial,) = (each for each in known["partitions"] if each["id"] == "aws")
    return [region for region in commercial["regions"] if region != "aws-global"]
