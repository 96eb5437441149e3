"""The guard that stops resources with data from being replaced, for any reason."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import pulumi

from infra.errors import StackError
from infra.processes.printable import printable

if TYPE_CHECKING:
    from infra.settings.groups import ComponentSettings

READ_STATE: Final = "pulumi:pulumi:readStackResourceOutputs"
"""The engine's function that returns the resources of a stack's last deployment."""

_UNREADABLE: Final = "failed to load checkpoint"
_ATTEMPTS: Final = 10
_PAUSE: Final = 0.2
"""Seconds between two attempts to read the state."""

_TABLE: Final = "aws:dynamodb/table:Table"

GUARDED: Final = {
    _TABLE: ("table", "data"),
    "aws:cognito/userPool:UserPool": ("user pool", "users"),
    "aws:cognito/userPoolClient:UserPoolClient": ("user pool client", "sessions"),
    "aws:cognito/userGroup:UserGroup": ("user group", "members"),
    "aws:cloudwatch/logGroup:LogGroup": ("log group", "lines"),
}
"""The kind of each guarded type, and the loss with its replacement."""


@dataclass(frozen=True)
class _Deployed:
    """A resource in the state of the last deployment."""

    token: str
    outputs: Mapping[str, Any]

    @property
    def name(self) -> object:
        """The name in AWS."""
        return self.outputs.get("name")

    @property
    def arn(self) -> str:
        """The ARN, or an empty text if the type has none."""
        return self.outputs.get("arn", "")


type _State = Mapping[str, _Deployed]
"""The deployed resources by URN."""


def refuse_replacements(settings: "ComponentSettings") -> None:
    """Make preview and up fail before they replace a guarded resource.

    A replacement is the creation of a resource that the last deployment already has: a list of
    properties is not needed. The guard turns `delete_before_replace` off, so the engine deletes
    the old resource last, and a hook before the creation is in time. The hook comes from this
    program, so it also protects stages deployed without it. `pulumi destroy` does not run it.

    Raises:
        StackError: if region or environment are not those of the deployed table, or if the
            program adopts another resource than the deployed one.
    """
    state = _read_state()
    for table in state.values():
        if table.token == _TABLE:
            _refuse_move(table, settings)
    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(
        "nothing with data is replaced", lambda created: _refuse(created, state), options
    )
    pulumi.runtime.register_stack_transformation(lambda resource: _guard(resource, hook, state))


def _read_state() -> _State:
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    outputs = _outputs_of(stack)
    return {urn: _Deployed(each["type"], each["outputs"]) for urn, each in outputs.items()}


def _outputs_of(stack: str, attempts: int = _ATTEMPTS) -> Mapping[str, Any]:
    try:
        return pulumi.runtime.invoke(READ_STATE, {"stackName": stack}).value["outputs"]
    except Exception as error:
        # The engine writes its state at the same time, and a folder may show half of the file.
        if attempts == 1 or _UNREADABLE not in str(error):
            raise
    time.sleep(_PAUSE)
    return _outputs_of(stack, attempts - 1)


def _refuse_move(table: _Deployed, settings: "ComponentSettings") -> None:
    """Refuse to move a stage, with a clear reason: the engine would advise to remove `protect`."""
    tags: Mapping[str, str] = table.outputs.get("tags") or {}
    compared = {
        "region": (table.arn.split(":")[3], settings.region),
        "environment": (tags.get("environment"), settings.environment),
    }
    for key, (found, wanted) in compared.items():
        if found and found != wanted:
            raise StackError(
                f"{key} cannot change from {found} to {wanted}: {table.name} and all other data "
                "would be lost. Undo that change, or deploy another stage"
            )


def _guard(
    resource: pulumi.ResourceTransformationArgs, hook: pulumi.ResourceHook, state: _State
) -> pulumi.ResourceTransformationResult | None:
    if resource.type_ not in GUARDED:
        return None
    _refuse_import(resource, state)
    # Without a deployed resource of the type, nothing can be replaced. No hook is better then: the
    # engine reports a hook's failure if Ctrl-C ends the program before a creation.
    hooks = [hook] if resource.type_ in {old.token for old in state.values()} else []
    guard = pulumi.ResourceOptions(
        hooks=pulumi.ResourceHookBinding(before_create=hooks), delete_before_replace=False
    )
    opts = pulumi.ResourceOptions.merge(resource.opts, guard)
    return pulumi.ResourceTransformationResult(resource.props, opts)


def _refuse_import(resource: pulumi.ResourceTransformationArgs, state: _State) -> None:
    """Refuse to adopt another resource than the deployed one: hooks do not run before imports."""
    adopted = resource.opts.import_
    for urn, old in state.items() if adopted else ():
        is_same = urn.endswith(f"{resource.type_}::{resource.name}")
        if is_same and old.arn and not old.arn.endswith((f"/{adopted}", f":{adopted}")):
            kind, loss = GUARDED[resource.type_]
            raise StackError(
                f"{old.name} ({kind}) would be replaced by {adopted}, and its {loss} lost. "
                "Undo that change"
            )


def _refuse(created: pulumi.ResourceHookArgs, state: _State) -> None:
    inputs = created.new_inputs or {}
    old = state.get(created.urn) or _namesake(created.type, inputs.get("name"), state)
    if old:
        kind, loss = GUARDED[created.type]
        reason = ", ".join(_changes(old, inputs)) or "pulumi preview --diff shows why"
        raise pulumi.RunError(
            printable(
                f"{old.name} ({kind}) would be replaced, and its {loss} lost: {reason}. "
                "Undo that change; if AWS does not have it any more, run pulumi refresh"
            )
        )


def _namesake(token: str, name: object, state: _State) -> _Deployed | None:
    """Return the deployed resource with this name in AWS, and another one in the program."""
    found = (each for each in state.values() if (each.token, each.name) == (token, name))
    return next(found, None)


def _changes(old: _Deployed, inputs: Mapping[str, Any]) -> Iterator[str]:
    for key, value in inputs.items():
        before = cast("object", old.outputs.get(key))
        if isinstance(value, str | float) and before != value:
            yield f"{key} changes from {before or 'nothing'} to {value}"
