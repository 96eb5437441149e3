"""Time to live of the existing table's items. AWS changes its attribute in two steps."""

from collections.abc import Sequence
from typing import Any, Final

_OFF: Final = "DISABLED"


def read_time_to_live(description: dict[str, Any]) -> dict[str, Any]:
    """Return the present time to live as the table's input in the program.

    Args:
        description: DynamoDB's description of the time to live.
    """
    return {
        "attributeName": description.get("AttributeName"),
        "enabled": description.get("TimeToLiveStatus") in ("ENABLED", "ENABLING"),
    }


def find_expiry_obstacles(table: str, description: dict[str, Any], wanted: str) -> Sequence[str]:
    """Return the reasons against the wanted attribute.

    AWS refuses another attribute while one is in use, and any change for an hour after the last.

    Args:
        table: the table's name.
        description: DynamoDB's description of the time to live.
        wanted: the attribute in the program.
    """
    status = description.get("TimeToLiveStatus", _OFF)
    found = description.get("AttributeName")
    if status == "DISABLING":
        return ["its time to live is being disabled. Wait until AWS has finished, up to an hour"]
    if status == _OFF or found == wanted:
        return []
    disable = (
        f"aws dynamodb update-time-to-live --table-name {table} "
        f"--time-to-live-specification Enabled=false,AttributeName={found}"
    )
    steps = (
        f"its items expire by {found}, not by {wanted}. Disable that first with {disable}, and "
        "wait up to an hour until AWS accepts another attribute"
    )
    return [steps]
