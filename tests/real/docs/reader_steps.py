"""The steps of the guide from SAM that its reader does by hand, on the emulator.

A program of its own: `settings` copies what the check prints, `template` deploys the changed one.
"""

import json
import sys
from typing import Any, Final

import boto3

from infra.paths import ROOT
from tests.commands import run_command
from tests.real.docs.old_stack import STACK

_RETAIN: Final = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def copy_settings() -> None:
    """Copy the settings that the check prints, and repeat the check until it succeeds.

    Raises:
        AssertionError: if the check fails with the settings.
    """
    checked = run_command("adopt", "--check", "--json", "--stack", "prod")
    told = dict.fromkeys(each["setting"] for each in json.loads(checked.out) if each["setting"])
    lines = [f"  {line}\n" for line in told]
    file = ROOT / "Pulumi.prod.yaml"
    file.write_text(file.read_text().replace("config:\n", "config:\n" + "".join(lines), 1))
    again = run_command("adopt", "--check", "--stack", "prod")
    assert again.code == 0, again.printed


def deploy_template() -> None:
    """Make CloudFormation keep the stack's resources."""
    session: Any = boto3.Session()
    cloudformation = session.client("cloudformation")
    template: Any = cloudformation.get_template(StackName=STACK)["TemplateBody"]
    template = json.loads(template) if isinstance(template, str) else template
    for resource in template["Resources"].values():
        resource.update(_RETAIN)
    cloudformation.update_stack(StackName=STACK, TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1}
    )


if __name__ == "__main__":
    {"settings": copy_settings, "template": deploy_template}[sys.argv[1]]()
