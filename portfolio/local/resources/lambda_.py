"""Lambda on the emulator."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker, outputs

if TYPE_CHECKING:
    from pulumi import FileArchive


_CONFIGURATION: Final = (
    "architectures",
    "description",
    "environment",
    "handler",
    "loggingConfig",
    "memorySize",
    "publish",
    "role",
    "runtime",
    "snapStart",
    "tags",
    "timeout",
    "tracingConfig",
)


def make_function(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a function and publish its first version."""
    code: FileArchive = inputs.take("code")
    # Only the provider uses it; Lambda's API has no such field.
    inputs.take("sourceCodeHash")
    function = clients.functions.create_function(
        FunctionName=inputs.take("name"),
        Code={"ZipFile": Path(code.path).read_bytes()},
        **inputs.take_pascal(*_CONFIGURATION),
    )
    name = function["FunctionName"]
    if reserved := inputs.take("reservedConcurrentExecutions"):
        clients.functions.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=reserved
        )
    arn, version = function["FunctionArn"], function["Version"]
    return Created(
        name,
        outputs(function, "CodeSha256", "LastModified", "Version")
        | {
            "arn": arn,
            "invokeArn": invoke_arn(clients.region, arn),
            "qualifiedArn": f"{arn}:{version}",
            "qualifiedInvokeArn": invoke_arn(clients.region, f"{arn}:{version}"),
        },
    )


def make_alias(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an alias of a version."""
    alias = clients.functions.create_alias(
        **inputs.take_pascal("name", "functionName", "functionVersion", "description")
    )
    arn = alias["AliasArn"]
    return Created(arn, {"arn": arn, "invokeArn": invoke_arn(clients.region, arn)})


def make_permission(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Add a statement to the function's own policy."""
    statement = inputs.take("statementId")
    clients.functions.add_permission(
        StatementId=statement,
        FunctionName=inputs.take("function"),
        **inputs.take_pascal("action", "principal", "qualifier", "sourceArn"),
    )
    return Created(statement, {})


def invoke_arn(region: str, function_arn: str) -> str:
    """Return the ARN for API Gateway to call a function (an API's `integrationUri`)."""
    path = f"2015-03-31/functions/{function_arn}/invocations"
    return f"arn:aws:apigateway:{region}:lambda:path/{path}"


MAKERS: dict[str, Maker] = {
    "aws:lambda/function:Function": make_function,
    "aws:lambda/alias:Alias": make_alias,
    "aws:lambda/permission:Permission": make_permission,
}
