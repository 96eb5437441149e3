"""Routes of a test app, for tests of input and failures."""

from typing import Annotated, Final, Literal

from fastapi import Body, Query
from pydantic import AfterValidator, Field, SecretStr

from src.api.routing import ApiRouter
from src.dependencies import CallerDependency, OwnerPrincipal
from src.models.base import ApiModel, InputModel
from src.models.fields import at_most_bytes

router: Final = ApiRouter(prefix="/probe", tags=["probe"])


def _check_even(number: int) -> int:
    if number % 2:
        raise ValueError("must be even")
    return number


class Probe(InputModel):
    """One field of each kind."""

    long_name: str
    count: int = 0
    on: bool = False
    tags: Annotated[list[str], Field(default_factory=list)]
    code: Annotated[str, Field(pattern="^[a-z]+$")] = "a"
    short: Annotated[str, at_most_bytes(4)] = "a"
    even: Annotated[int, AfterValidator(_check_even)] = 0
    secret: Annotated[SecretStr, Field(max_length=1)] = SecretStr("a")
    pair: Annotated[list[str] | None, Field(min_length=2, max_length=2)] = None
    size: Literal["small", "large"] = "small"


class Echo(ApiModel):
    """The input as it arrived."""

    long_name: str


class OptionalProbe(InputModel):
    """An optional body."""

    long_name: str = "default"


class BrokenError(Exception):
    """An unexpected error."""


@router.post("/body")
def echo_body(probe: Probe) -> Echo:
    return Echo(long_name=probe.long_name)


@router.put("/optional")
def echo_optional(
    probe: Annotated[OptionalProbe, Body(default_factory=OptionalProbe)],
) -> Echo:
    return Echo(long_name=probe.long_name)


@router.post("/owner")
def echo_owner(probe: Probe, _owner: OwnerPrincipal) -> Echo:
    return Echo(long_name=probe.long_name)


@router.get("/query")
def echo_query(_caller: CallerDependency, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Echo:
    return Echo(long_name=str(limit))


@router.put("/query")
def put_query() -> Echo:
    return Echo(long_name="put")


@router.get("/broken")
def break_down() -> Echo:
    raise BrokenError("the secret is swordfish")
