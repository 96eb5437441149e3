"""CloudWatch Logs on the emulator."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker


def make_log_group(clients: EmulatorClients, inputs: Inputs) -> Created:
    """A log group with its retention."""
    name = inputs.take("name")
    clients.logs.create_log_group(logGroupName=name, tags=inputs.take("tags", {}))
    if days := inputs.take("retentionInDays"):
        clients.logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
    groups = clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next(group for group in groups if group.get("logGroupName") == name)
    return Created(name, {"arn": group.get("logGroupArn")})


MAKERS: dict[str, Maker] = {"aws:cloudwatch/logGroup:LogGroup": make_log_group}
