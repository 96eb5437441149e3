"""AWS Budgets on the emulator."""

from typing import Any

from portfolio.local.clients import EmulatorClients
from portfolio.local.emulator import ACCOUNT_ID
from portfolio.local.resources.base import Created, Inputs, Maker, Remover, key_values


def make_budget(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a budget with its messages; the emulator has no costs and sends no mail."""
    name = inputs.take("name")
    budget: Any = {
        "BudgetName": name,
        "BudgetLimit": {"Amount": inputs.take("limitAmount"), "Unit": inputs.take("limitUnit")},
        **inputs.take_pascal("budgetType", "timeUnit"),
    }
    clients.budgets.create_budget(
        AccountId=ACCOUNT_ID,
        Budget=budget,
        NotificationsWithSubscribers=[_message(each) for each in inputs.take("notifications")],
        ResourceTags=key_values(inputs.take("tags", {})),
    )
    return Created(f"{ACCOUNT_ID}:{name}", {"arn": f"arn:aws:budgets::{ACCOUNT_ID}:budget/{name}"})


def _message(notification: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    addresses = notification["subscriberEmailAddresses"]
    return {
        "Notification": {
            "NotificationType": notification["notificationType"],
            "ComparisonOperator": notification["comparisonOperator"],
            "Threshold": notification["threshold"],
            "ThresholdType": notification["thresholdType"],
        },
        "Subscribers": [{"SubscriptionType": "EMAIL", "Address": each} for each in addresses],
    }


MAKERS: dict[str, Maker] = {"aws:budgets/budget:Budget": make_budget}
REMOVERS: dict[str, Remover] = {
    "aws:budgets/budget:Budget": lambda clients, known: clients.budgets.delete_budget(
        AccountId=ACCOUNT_ID, BudgetName=known.inputs["name"]
    )
}
