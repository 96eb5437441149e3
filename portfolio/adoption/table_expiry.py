"""By which attribute the items of a table expire, which AWS changes in steps alone."""

from collections.abc import Sequence
from typing import Any, Final

_OFF: Final = "DISABLED"


def read_time_to_live(description: dict[str, Any]) -> dict[str, Any]:
    """The table's input that would leave it as it is.

    Args:
        description: what DynamoDB tells of it.
    """
    return {
        "attributeName": description.get("AttributeName"),
        "enabled": description.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"),
    }


def find_expiry_obstacles(table: str, description: dict[str, Any], wanted: str) -> Sequence[str]:
    """What keeps items from expiring by the attribute that is wanted.

    AWS refuses another attribute while one is in use, and any change for an hour after the last.

    Args:
        table: its name.
        description: what DynamoDB tells of it.
        wanted: the attribute.
    """
    status = description.get("TimeToLiveStatus", _OFF)
    found = description.get("AttributeName")
    if status == "DISABLING":
        return ["its time to live is being disabled, which takes AWS up to an hour: wait for it"]
    if status == _OFF or found == wanted:
        return []
    disable = (
        f"aws dynamodb update-time-to-live --table-name {table} "
        f"--time-to-live-specification Enabled=false,AttributeName={found}"
    )
    steps = (
        f"its items expire by {found}, not by {wanted}: disable that first with {disable}, and "
        "wait, as AWS takes up to an hour before another can be set"
    )
    return [steps]
