"""The stand-in's AWS account: its resources, its rules and its failures."""

import copy
import json
import secrets
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from tests.real.engine.stand_in.resource_type import Facts, Properties, ResourceType
from tests.real.engine.stand_in.resource_types import RESOURCE_TYPES

type Operation = Literal["create", "update", "delete"]


class RefusedError(Exception):
    """AWS or its provider refuses a call; the message has the reason."""


@dataclass
class Resource:
    """An existing resource."""

    token: str
    """Its type."""

    name: str
    """Its name in the program."""

    id: str
    inputs: Properties
    computed: Properties
    revision: int = 1

    @property
    def state(self) -> Properties:
        """All its properties."""
        return {**self.inputs, **self.computed}


@dataclass(frozen=True)
class Call:
    """A call to the account."""

    operation: Operation
    token: str
    name: str


@dataclass(frozen=True)
class _Interruption:
    call: Call
    moment: Literal["before", "after"]
    act: Callable[[], None]


@dataclass
class Account:
    """An account; a lock serializes calls from several threads."""

    id: str = "111111111111"
    region: str = "us-east-1"
    """The region of the provider."""

    resources: list[Resource] = field(default_factory=list[Resource])
    calls: list[Call] = field(default_factory=list[Call])
    """All calls to change something, failed ones included."""

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._interruptions: list[_Interruption] = []

    def of_type(self, token: str) -> list[Resource]:
        return [resource for resource in self.resources if resource.token == token]

    def only(self, token: str) -> Resource:
        """Return the only resource of a type."""
        (resource,) = self.of_type(token)
        return resource

    def find(self, token: str, identifier: str) -> Resource | None:
        return next((each for each in self.of_type(token) if each.id == identifier), None)

    def fork(self) -> "Account":
        """Return an independent copy."""
        return Account(self.id, self.region, copy.deepcopy(self.resources))

    def configure(self, provider: Properties) -> None:
        """Apply a provider's configuration; its lists are JSON."""
        self.region = provider.get("region", self.region)
        allowed: list[str] = json.loads(provider.get("allowedAccountIds", "[]"))
        if allowed and self.id not in allowed:
            raise RefusedError(f"AWS account ID not allowed: {self.id}")

    def regional(self, token: str, inputs: Properties) -> Properties:
        """Return a resource's inputs with its region: by default the provider's."""
        return {"region": self.region, **inputs} if type_of(token).is_regional else inputs

    def create(self, token: str, name: str, inputs: Properties) -> Resource:
        inputs = self.regional(token, inputs)
        with self._called(Call("create", token, name)):
            self._make_room(token, inputs)
            region = inputs.get("region", self.region)
            facts = Facts(self.id, region, secrets.token_hex(5), inputs, revision=1)
            identifier = type_of(token).identify(facts)
            resource = Resource(token, name, identifier, inputs, {})
            self._compute(resource)
            self.resources.append(resource)
            return resource

    def update(self, token: str, name: str, identifier: str, inputs: Properties) -> Resource:
        with self._called(Call("update", token, name)):
            resource = self._existing(token, identifier)
            changed = changed_inputs(resource.inputs, self.regional(token, inputs))
            if fixed := changed & type_of(token).fixed:
                raise RefusedError(f"cannot modify {', '.join(fixed)} of {token} {identifier}")
            resource.inputs = inputs
            resource.revision += bool(changed & type_of(token).revised_by)
            self._compute(resource)
            return resource

    def delete(self, token: str, name: str, identifier: str) -> None:
        with self._called(Call("delete", token, name)):
            resource = self.find(token, identifier)
            if resource is None:
                return
            if type_of(token).is_kept(resource.inputs):
                raise RefusedError(f"{token} {identifier} is protected against deletion at AWS.")
            self.resources.remove(resource)

    @contextmanager
    def interrupted(
        self,
        operation: Operation,
        token: str,
        name: str,
        act: Callable[[], None],
        *,
        moment: Literal["before", "after"] = "before",
    ) -> Generator[None]:
        """In the block, do something before or after one call, such as kill the engine."""
        interruption = _Interruption(Call(operation, token, name), moment, act)
        self._interruptions.append(interruption)
        try:
            yield
        finally:
            self._interruptions.remove(interruption)

    @contextmanager
    def failing(self, operation: Operation, token: str, name: str) -> Generator[None]:
        """In the block, refuse a call."""

        def refuse() -> None:
            raise RefusedError(f"AccessDenied: {operation} of {token} {name}")

        with self.interrupted(operation, token, name, refuse):
            yield

    @contextmanager
    def _called(self, call: Call) -> Generator[None]:
        with self._lock:
            self.calls.append(call)
            self._interrupt(call, "before")
            yield
            self._interrupt(call, "after")

    def _interrupt(self, call: Call, moment: str) -> None:
        for interruption in self._interruptions:
            if (interruption.call, interruption.moment) == (call, moment):
                interruption.act()

    def _existing(self, token: str, identifier: str) -> Resource:
        resource = self.find(token, identifier)
        if resource is None:
            raise RefusedError(f"ResourceNotFound: {token} {identifier}")
        return resource

    def _make_room(self, token: str, inputs: Properties) -> None:
        """Refuse a duplicate of a unique resource, or replace the existing one."""
        known = type_of(token)
        names = (*known.unique, "region") if known.is_regional and known.unique else known.unique
        taken = {name: inputs[name] for name in names}
        for other in self.of_type(token) if taken else []:
            if taken.items() <= other.inputs.items():
                if not known.is_overwriting(inputs):
                    raise RefusedError(f"AlreadyExists: {token} {' '.join(taken.values())}")
                self.resources.remove(other)

    def _compute(self, resource: Resource) -> None:
        region = resource.inputs.get("region", self.region)
        facts = Facts(self.id, region, resource.id, resource.inputs, resource.revision)
        resource.computed = {
            "tagsAll": resource.inputs.get("tags", {}),
            **type_of(resource.token).compute(facts),
        }


def type_of(token: str) -> ResourceType:
    return RESOURCE_TYPES.get(token, ResourceType())


def changed_inputs(old: Properties, new: Properties) -> set[str]:
    """Return the names of different inputs; archives are compared by content, not by path."""
    names = old.keys() | new.keys()
    return {name for name in names if _content(old.get(name)) != _content(new.get(name))}


def _content(value: Any) -> Any:
    archive = cast("Properties", value) if isinstance(value, dict) else {}
    return archive.get("hash", value)
