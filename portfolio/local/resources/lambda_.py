"""Lambda on the emulator."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.local.clients import EmulatorClients
from portfolio.local.function_code import FunctionCode
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Known,
    Maker,
    Remover,
    outputs,
)

if TYPE_CHECKING:
    from types_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef


_CONFIGURATION: Final = (
    "description",
    "environment",
    "handler",
    "loggingConfig",
    "memorySize",
    "role",
    "runtime",
    "snapStart",
    "timeout",
    "tracingConfig",
)


def make_function(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a function and publish its first version."""
    function = clients.functions.create_function(
        FunctionName=inputs.take("name"),
        Code={"ZipFile": _read_code(inputs)},
        **inputs.take_pascal(*_CONFIGURATION, "architectures", "publish", "tags"),
    )
    return _created(clients, function, inputs)


def change_function(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change a function's configuration and code, and publish a version of both."""
    known.refuse_changes(inputs, "name", "publish")
    inputs.take("tags")
    clients.functions.update_function_configuration(
        FunctionName=known.id, **inputs.take_pascal(*_CONFIGURATION)
    )
    function = clients.functions.update_function_code(
        FunctionName=known.id,
        ZipFile=_read_code(inputs),
        Publish=True,
        **inputs.take_pascal("architectures"),
    )
    return _created(clients, function, inputs)


def _read_code(inputs: Inputs) -> bytes:
    # Only the provider uses the hash; Lambda's API has no such field.
    inputs.take("sourceCodeHash")
    return Path(inputs.take("code")).read_bytes()


def _created(
    clients: EmulatorClients, function: "FunctionConfigurationResponseTypeDef", inputs: Inputs
) -> Created:
    name = function["FunctionName"]
    if reserved := inputs.take("reservedConcurrentExecutions"):
        clients.functions.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=reserved
        )
    arn, version = function["FunctionArn"], function["Version"]
    # The ARN of an update has the version at its end.
    arn = arn.removesuffix(f":{version}")
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


def change_alias(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Move an alias to another version, after a health check."""
    known.refuse_changes(inputs, "name", "functionName")
    code, version = (
        FunctionCode(clients, inputs.take("functionName")),
        inputs.take("functionVersion"),
    )
    code.warm_up(version)
    code.make_live(version)
    inputs.take("description")
    return Created(known.id, known.outputs)


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

CHANGERS: dict[str, Changer] = {
    "aws:lambda/function:Function": change_function,
    "aws:lambda/alias:Alias": change_alias,
}
REMOVERS: dict[str, Remover] = {
    "aws:lambda/permission:Permission": lambda clients, known: clients.functions.remove_permission(
        FunctionName=known.inputs["function"],
        StatementId=known.id,
        Qualifier=known.inputs["qualifier"],
    ),
}
