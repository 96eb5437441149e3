"""Lambda's resource types."""

from typing import Final

from tests.real.engine.stand_in.resource_type import Facts, Properties, ResourceType, named_by

_CODE: Final = frozenset({"architectures", "code", "imageUri", "s3Key", "sourceCodeHash"})
_CONFIGURATION: Final = frozenset(
    {
        "deadLetterConfig",
        "description",
        "environment",
        "ephemeralStorage",
        "fileSystemConfig",
        "handler",
        "imageConfig",
        "kmsKeyArn",
        "layers",
        "loggingConfig",
        "memorySize",
        "role",
        "runtime",
        "snapStart",
        "timeout",
        "tracingConfig",
        "vpcConfig",
    }
)
"""Changes of these publish a version (terraform-provider-aws, `needsFunctionConfigUpdate`)."""


def _function(facts: Facts) -> Properties:
    arn = facts.arn("lambda", f"function:{facts.id}")
    version = str(facts.revision) if facts.inputs.get("publish") else "$LATEST"
    return {
        "arn": arn,
        "version": version,
        "invokeArn": _invoke_arn(facts, arn),
        "qualifiedArn": f"{arn}:{version}",
        "qualifiedInvokeArn": _invoke_arn(facts, f"{arn}:{version}"),
    }


def _alias(facts: Facts) -> Properties:
    return {"arn": facts.id, "invokeArn": _invoke_arn(facts, facts.id)}


def _invoke_arn(facts: Facts, arn: str) -> str:
    path = f"2015-03-31/functions/{arn}/invocations"
    return f"arn:aws:apigateway:{facts.region}:lambda:path/{path}"


LAMBDA_TYPES: Final = {
    "aws:lambda/function:Function": ResourceType(
        identify=named_by("name"),
        compute=_function,
        unique=("name",),
        revised_by=_CODE | _CONFIGURATION,
        revised=frozenset({"version", "qualifiedArn", "qualifiedInvokeArn"}),
    ),
    "aws:lambda/alias:Alias": ResourceType(
        identify=lambda facts: facts.arn(
            "lambda", f"function:{facts.inputs['functionName']}:{facts.inputs['name']}"
        ),
        compute=_alias,
    ),
    "aws:lambda/permission:Permission": ResourceType(
        identify=named_by("statementId"),
    ),
}
