"""Rules for the settings of a stage: limits of previews and production, and combinations.

Each rule belongs to the last of the fields it compares, in the order of the settings. A field with
a wrong value is missing in `info.data`, so the rule is skipped.
"""

from typing import Final

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from infra.settings.files import PREVIEW, is_preview, stack_of
from infra.settings.regions import SNAP_START_MISSING

PRODUCTION: Final = "production"
"""The public environment."""

PRODUCTION_STACK: Final = "prod"
"""The only stack for production."""

NUMBER: Final = "{number}"
"""The placeholder for the pull request's number in the origins of previews."""


def name_preview(environment: object, info: ValidationInfo) -> object:
    """Return the environment; a preview takes it from its stack's name."""
    if environment == "" and is_of_preview(info):
        return _stack(info)
    if environment == "" and _stack(info) == PREVIEW:
        raise ValueError("comes from the stack's name: a preview's is pr-<number>")
    if environment == "":
        raise PydanticCustomError("missing", "is not set")
    return environment


def check_environment(environment: str, info: ValidationInfo) -> str:
    """Refuse the names of production or of a preview in another stack."""
    stack = _stack(info)
    if stack is None:
        return environment
    if stack == PRODUCTION_STACK and environment != PRODUCTION:
        raise ValueError(f"must be {PRODUCTION} in the stack {stack}")
    if is_preview(stack) and environment != stack:
        raise ValueError(f"must not be set in a preview: it is the stack's name, here {stack}")
    owner = PRODUCTION_STACK if environment == PRODUCTION else environment
    if stack != owner and (environment == PRODUCTION or is_preview(environment)):
        raise ValueError(f"is reserved for the stack {owner}, but this is {stack}")
    return environment


def number_origin(origin: object, info: ValidationInfo) -> object:
    """Return the origin with the pull request's number for `{number}`, in previews only."""
    if not (isinstance(origin, str) and NUMBER in origin):
        return origin
    stack = _stack(info)
    if stack == PREVIEW:
        # The environment is wrong already, for the same reason.
        stack = stack_of(PREVIEW)
    if stack is None or not is_preview(stack):
        raise ValueError(f"must be exact: only a preview has a {NUMBER}")
    return origin.replace(NUMBER, stack.removeprefix("pr-"))


def check_origin(origin: str, info: ValidationInfo) -> str:
    """Refuse `*` in previews, and all but exact https origins in production."""
    if origin == "*" and is_of_preview(info):
        raise ValueError("must be exact in a preview")
    if not _is_production(info) or origin.startswith("https://"):
        return origin
    meant = origin.replace("http://", "https://")
    hint = "" if meant == origin else f": did you mean {meant}?"
    raise ValueError(f"must be https and exact in production{hint}")


def refuse_shared[ValueT](value: ValueT | None, info: ValidationInfo) -> ValueT | None:
    """Refuse a setting in previews if they cannot share it: a domain, a version."""
    if value and is_of_preview(info):
        raise ValueError("must not be set in a preview: all previews share these settings")
    return value


def check_zone(zone: str | None, info: ValidationInfo) -> str | None:
    """Refuse a domain without a zone, a zone without a domain, and a domain in another zone."""
    if "domain_name" not in info.data:
        return zone
    domain: str | None = info.data["domain_name"]
    if domain is None and zone:
        raise ValueError(f"needs domainName, such as api.{zone}")
    if domain and zone is None:
        raise ValueError(f"must be the Route 53 zone of {domain}, such as {_parent(domain)}")
    if domain and not f".{domain}".endswith(f".{zone}"):
        raise ValueError(f"does not contain domainName {domain}: did you mean {_parent(domain)}?")
    return zone


def check_budget_email(email: str | None, info: ValidationInfo) -> str | None:
    """Refuse a budget without a recipient."""
    has_budget = info.data.get("budget_amount") is not None
    if has_budget and email is None and info.data.get("alarm_email", "") is None:
        raise ValueError("must be an e-mail address for the budget, or set alarmEmail")
    return email


def check_snap_start(snap_start: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator
    """Refuse SnapStart in regions without it.

    SnapStart excludes other features too, but no setting turns them on.
    """
    region = info.data.get("region")
    if snap_start and region in SNAP_START_MISSING:
        raise ValueError(f"must be false in {region}: AWS does not offer SnapStart there")
    return snap_start


def check_protection(protect: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator
    """Refuse protection in a preview: its deletion would fail."""
    if is_of_preview(info) and protect:
        raise ValueError("must be false in a preview, because a preview is deleted completely")
    return protect


def is_of_preview(info: ValidationInfo) -> bool:
    """Return True if the settings belong to a preview's stack."""
    stack = _stack(info)
    return stack is not None and is_preview(stack)


def _stack(info: ValidationInfo) -> str | None:
    """Return the name of the settings' stack, or None if unknown."""
    context: dict[str, str | None] = info.context or {}
    return context.get("stack")


def _is_production(info: ValidationInfo) -> bool:
    return _stack(info) == PRODUCTION_STACK or info.data.get("environment") == PRODUCTION


def _parent(domain: str) -> str:
    """Return the domain without its first label; an apex domain stays unchanged."""
    rest = domain.partition(".")[2]
    return rest if "." in rest else domain
