"""IAM on the emulator."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Known,
    Maker,
    Remover,
    again,
    key_values,
    outputs,
)


def make_role(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a role without policies."""
    name = inputs.take("name")
    role = clients.iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=inputs.take("assumeRolePolicy"),
        Description=inputs.take("description", ""),
        Tags=key_values(inputs.take("tags", {})),
        **inputs.take_pascal("permissionsBoundary"),
    )["Role"]
    return Created(name, outputs(role, "Arn") | {"uniqueId": role["RoleId"]})


def make_role_policy(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an inline policy of a role."""
    role, name = inputs.take("role"), inputs.take("name")
    document = inputs.take("policy")
    clients.iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
    return Created(f"{role}:{name}", {})


def change_role(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change a role; its policies stay."""
    known.refuse_changes(inputs, "permissionsBoundary")
    name, trust = inputs.take("name"), inputs.take("assumeRolePolicy")
    clients.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    clients.iam.update_role(RoleName=name, Description=inputs.take("description", ""))
    clients.iam.tag_role(RoleName=name, Tags=key_values(inputs.take("tags", {})))
    return Created(known.id, known.outputs)


def remove_role(clients: EmulatorClients, known: Known) -> None:
    """Delete a role with its inline policies, because IAM refuses a role that has some."""
    for name in clients.iam.list_role_policies(RoleName=known.id)["PolicyNames"]:
        clients.iam.delete_role_policy(RoleName=known.id, PolicyName=name)
    clients.iam.delete_role(RoleName=known.id)


def remove_role_policy(clients: EmulatorClients, known: Known) -> None:
    """Delete an inline policy of a role."""
    role, _, name = known.id.partition(":")
    clients.iam.delete_role_policy(RoleName=role, PolicyName=name)


MAKERS: dict[str, Maker] = {
    "aws:iam/role:Role": make_role,
    "aws:iam/rolePolicy:RolePolicy": make_role_policy,
}

CHANGERS: dict[str, Changer] = {
    "aws:iam/role:Role": change_role,
    "aws:iam/rolePolicy:RolePolicy": again(make_role_policy),
}
REMOVERS: dict[str, Remover] = {
    "aws:iam/role:Role": remove_role,
    "aws:iam/rolePolicy:RolePolicy": remove_role_policy,
}
