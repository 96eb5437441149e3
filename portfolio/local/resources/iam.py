"""IAM on the emulator."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker, key_values, outputs


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


MAKERS: dict[str, Maker] = {
    "aws:iam/role:Role": make_role,
    "aws:iam/rolePolicy:RolePolicy": make_role_policy,
}
