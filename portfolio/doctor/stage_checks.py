"""Checks of a stage: settings, account, state, stack and API."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import httpx

from infra.account import check_account
from infra.errors import CheckError, PortfolioError
from infra.settings import load_stage_settings
from infra.settings.files import LOCAL, short_name
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.stage_access import open_stage, read_stack_outputs

_SECONDS: Final = 10
"""Time limit of the call of the API."""


@dataclass(frozen=True)
class Check:
    """A part of a stage, with a fact about it or its problem."""

    name: str
    found: str
    is_good: bool = True


def check_stage(stack: str, port: int | None = None) -> list[Check]:
    """Check the parts of a stage; the first part with a problem is the last of the list.

    Args:
        stack: a stack, or `local` for a local stage.
        port: the local stage's port, if several run.
    """
    checks: list[Check] = []
    parts = _local_parts(port) if stack == LOCAL else _deployed_parts(stack)
    for name, check in parts:
        try:
            checks.append(Check(name, check()))
        except PortfolioError as error:
            return [*checks, Check(name, str(error), is_good=False)]
    return checks


type _Part = tuple[str, Callable[[], str]]


def _local_parts(port: int | None) -> list[_Part]:
    return [("API", lambda: _call_api(open_stage(LOCAL, port).outputs))]


def _deployed_parts(stack: str) -> list[_Part]:
    """Return the parts in the order of a command that uses the stage."""
    settings = cache(lambda: load_stage_settings(short_name(stack)))
    outputs = cache(lambda: _read_outputs(stack))
    return [
        ("settings", lambda: f"the environment {settings().environment}"),
        ("profile", lambda: settings().profile or "none: AWS's default credentials"),
        ("region", lambda: settings().region),
        ("account", lambda: check_account(settings())),
        ("state", lambda: json.loads(run_pulumi("whoami", "--json"))["url"]),
        ("stack", lambda: f"{stack}, with {len(outputs())} outputs"),
        ("API", lambda: _call_api(outputs())),
    ]


def _read_outputs(stack: str) -> dict[str, Any]:
    outputs = read_stack_outputs(stack)
    if "api_url" not in outputs:
        raise CheckError(f"{stack} is not deployed: run pulumi up -s {stack}.")
    return outputs


def _call_api(outputs: Mapping[str, Any]) -> str:
    url = f"{outputs['api_url']}/health"
    try:
        answer = httpx.get(url, timeout=_SECONDS)
    except httpx.HTTPError as error:
        raise CheckError(f"{url} cannot be reached: {error}.") from None
    found = f"{url} answers {answer.status_code}"
    if answer.status_code != HTTPStatus.OK:
        raise CheckError(f"{found}: look at portfolio logs.")
    return found
