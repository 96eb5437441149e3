"""What the settings of a stage must fulfil together.

Each rule hangs on the later of the fields that it compares, in the order of `StageSettings`.
A field that is wrong in itself is not there to be compared.
"""

from typing import Final

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from infra.settings.files import PREVIEW, is_preview
from infra.settings.regions import SNAP_START_MISSING

PRODUCTION: Final = "production"
"""The environment that the world sees."""

PRODUCTION_STACK: Final = "prod"
"""The one stack that may deploy it."""


def name_preview(environment: object, info: ValidationInfo) -> object:
    """The environment, which a preview takes from its stack's name."""
    if environment == "" and is_of_preview(info):
        return _stack(info)
    if environment == "" and _stack(info) == PREVIEW:
        raise ValueError("comes from the stack's name, which is pr-<number> for a preview")
    if environment == "":
        raise PydanticCustomError("missing", "is not set")
    return environment


def check_environment(environment: str, info: ValidationInfo) -> str:
    """Refuse a stage under another's names: production's, or a preview's."""
    stack = _stack(info)
    if stack is None:
        return environment
    if stack == PRODUCTION_STACK and environment != PRODUCTION:
        raise ValueError(f"must be {PRODUCTION} in the stack {stack}")
    if is_preview(stack) and environment != stack:
        raise ValueError(f"must not be set in a preview: it is the stack's name, here {stack}")
    owner = PRODUCTION_STACK if environment == PRODUCTION else environment
    if stack != owner and (environment == PRODUCTION or is_preview(environment)):
        raise ValueError(f"belongs to the stack {owner} alone, and this is {stack}")
    return environment


def check_origin(origin: str, info: ValidationInfo) -> str:
    """Refuse every origin at once in a preview, and in production what anyone could have."""
    if origin == "*" and is_of_preview(info):
        raise ValueError("must be exact in a preview")
    if not _is_production(info) or origin.startswith("https://"):
        return origin
    meant = origin.replace("http://", "https://")
    hint = "" if meant == origin else f": did you mean {meant}?"
    raise ValueError(f"must be https and exact in production{hint}")


def refuse_shared[ValueT](value: ValueT | None, info: ValidationInfo) -> ValueT | None:
    """Refuse what would be one for all previews: a domain, a version."""
    if value and is_of_preview(info):
        raise ValueError("must not be set in a preview: all of them share these settings")
    return value


def check_zone(zone: str | None, info: ValidationInfo) -> str | None:
    """Refuse a domain without a zone, a zone without a domain, and a domain of another zone."""
    if "domain_name" not in info.data:
        return zone
    domain: str | None = info.data["domain_name"]
    if domain is None and zone:
        raise ValueError(f"needs domainName, such as api.{zone}")
    if domain and zone is None:
        raise ValueError(f"must be the Route 53 zone of {domain}, such as {_parent(domain)}")
    if domain and not f".{domain}".endswith(f".{zone}"):
        raise ValueError(f"does not hold domainName {domain}: did you mean {_parent(domain)}?")
    return zone


def check_snap_start(snap_start: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator
    """Refuse SnapStart where AWS does not have it; what else it excludes, no stage can set."""
    region = info.data.get("region")
    if snap_start and region in SNAP_START_MISSING:
        raise ValueError(f"must be false in {region}, which has no SnapStart")
    return snap_start


def check_protection(protect: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator
    """Refuse a preview that could not be destroyed."""
    if is_of_preview(info) and protect:
        raise ValueError("must be false in a preview, which leaves nothing behind")
    return protect


def is_of_preview(info: ValidationInfo) -> bool:
    """Whether the settings are read for a preview's stack."""
    stack = _stack(info)
    return stack is not None and is_preview(stack)


def _stack(info: ValidationInfo) -> str | None:
    """The stack that the settings are read for, where that is known."""
    context: dict[str, str | None] = info.context or {}
    return context.get("stack")


def _is_production(info: ValidationInfo) -> bool:
    return _stack(info) == PRODUCTION_STACK or info.data.get("environment") == PRODUCTION


def _parent(domain: str) -> str:
    """The domain without its first label, or an apex as it is."""
    rest = domain.partition(".")[2]
    return rest if "." in rest else domain
