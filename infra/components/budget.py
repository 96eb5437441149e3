"""A monthly budget of the AWS account, with e-mails near and above its amount."""

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

if TYPE_CHECKING:
    from infra.settings.groups import MonitoringSettings

_NEAR: Final = 80
_REACHED: Final = 100


def create_budget(
    name: str, settings: "MonitoringSettings", opts: pulumi.ResourceOptions
) -> aws.budgets.Budget:
    """Create the budget of a stage's account.

    AWS updates a budget up to three times a day, and forecasts need about five weeks of costs
    (AWS Cost Management User Guide, "Managing your costs with AWS Budgets" and "Best practices").
    """
    return aws.budgets.Budget(
        f"{name}-budget",
        name=f"{settings.name}-monthly",
        budget_type="COST",
        time_unit="MONTHLY",
        limit_amount=str(settings.budget_amount),
        limit_unit="USD",
        notifications=[
            _notification(settings, "ACTUAL", _NEAR),
            _notification(settings, "ACTUAL", _REACHED),
            _notification(settings, "FORECASTED", _REACHED),
        ],
        tags=settings.tags,
        opts=opts,
    )


def _notification(
    settings: "MonitoringSettings", kind: str, percent: int
) -> aws.budgets.BudgetNotificationArgsDict:
    """Return a message for costs above a share of the amount: actual or forecasted costs."""
    recipient = settings.budget_email or settings.alarm_email
    return {
        "notification_type": kind,
        "comparison_operator": "GREATER_THAN",
        "threshold": percent,
        "threshold_type": "PERCENTAGE",
        "subscriber_email_addresses": [recipient] if recipient else [],
    }
