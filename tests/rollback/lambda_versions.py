"""A stage's function on the emulator, with versions to roll back to."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

import boto3
from botocore.config import Config

from infra.paths import PROJECT

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

FUNCTION: Final = f"development-{PROJECT}"
TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


@contextmanager
def make_versions(endpoint: str, account: str) -> Generator["LambdaClient"]:
    """Make the function of dev in an account, with the versions 1, 2 and 3, of which 3 is live."""
    session: Any = boto3.Session(account, "test", region_name="us-east-1")
    options: Any = {"endpoint_url": endpoint, "config": Config(proxies={})}
    iam, client = session.client("iam", **options), session.client("lambda", **options)
    role = iam.create_role(RoleName="rolled-back", AssumeRolePolicyDocument=json.dumps(TRUST))
    client.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="main.handler",
        Code={"ZipFile": _code(1)},
        Publish=True,
    )
    for version in (2, 3):
        client.update_function_code(FunctionName=FUNCTION, ZipFile=_code(version), Publish=True)
    client.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="3")
    yield client
    client.delete_function(FunctionName=FUNCTION)
    iam.delete_role(RoleName="rolled-back")


def live_version(client: "LambdaClient") -> str:
    """The version that the alias has."""
    return client.get_alias(FunctionName=FUNCTION, Name="live")["FunctionVersion"]


def _code(version: int) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as zipped:
        zipped.writestr("main.py", f"handler = {version}")
    return content.getvalue()
