"""Rules for the settings to adopt existing resources.

If the program decides a resource's name, the existing resource must have it: AWS cannot change it.
"""

from pydantic import ValidationInfo

from infra.paths import PROJECT
from infra.settings.rules import is_of_preview


def check_adoption(value: str | None, info: ValidationInfo) -> str | None:
    """Refuse adoption in a preview: all previews share the setting, a resource has one stack."""
    if value and is_of_preview(info):
        raise ValueError("must not be set in a preview, because a preview is deleted completely")
    return value


def check_pool(pool: str | None, info: ValidationInfo) -> str | None:
    """Refuse a user pool in another region."""
    region = info.data.get("region")
    if check_adoption(pool, info) and region and not str(pool).startswith(f"{region}_"):
        raise ValueError(f"must be in the stage's region {region}")
    return pool


def check_table(table: str | None, info: ValidationInfo) -> str | None:
    """Refuse a table with another name."""
    return _check_name(check_adoption(table, info), info, "{name}-table")


def check_log_group(group: str | None, info: ValidationInfo) -> str | None:
    """Refuse a log group with another name than the function's."""
    return _check_name(check_adoption(group, info), info, "/aws/lambda/{name}")


def check_access_log_group(group: str | None, info: ValidationInfo) -> str | None:
    """Refuse a log group with another name than the gateway's."""
    return _check_name(check_adoption(group, info), info, "/aws/vendedlogs/{name}")


def check_client(client: str | None, info: ValidationInfo) -> str | None:
    """Refuse a client without its pool."""
    return _check_with(check_adoption(client, info), info, "adopt_user_pool", "adoptUserPool")


def check_owner_group(group: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - a validator
    """Refuse a group without its pool."""
    _check_with("true" if group else None, info, "adopt_user_pool", "adoptUserPool")
    return group


def check_domain(domain: str | None, info: ValidationInfo) -> str | None:
    """Refuse a domain other than the stage's."""
    if check_adoption(domain, info) is None or "domain_name" not in info.data:
        return domain
    own: str | None = info.data["domain_name"]
    if own is None:
        raise ValueError(f"needs domainName: {domain}, and its hostedZone")
    if domain != own:
        raise ValueError(f"must be domainName: did you mean {own}?")
    return domain


def check_certificate(arn: str | None, info: ValidationInfo) -> str | None:
    """Refuse a certificate without a domain, or in another region."""
    region = info.data.get("region")
    if _check_with(check_adoption(arn, info), info, "domain_name", "domainName") is None:
        return arn
    if region and f":acm:{region}:" not in str(arn):
        raise ValueError(f"must be in the stage's region {region}")
    return arn


def check_mapping(mapping: str | None, info: ValidationInfo) -> str | None:
    """Refuse a mapping without its domain."""
    return _check_with(check_adoption(mapping, info), info, "adopt_domain", "adoptDomain")


def _check_name(value: str | None, info: ValidationInfo, pattern: str) -> str | None:
    if value is None or "environment" not in info.data:
        return value
    own = pattern.format(name=f"{info.data['environment']}-{PROJECT}")
    if value != own:
        raise ValueError(
            f"must be the stage's own name, because AWS cannot change it: did you mean {own}?"
        )
    return value


def _check_with(value: str | None, info: ValidationInfo, field: str, key: str) -> str | None:
    if value and field in info.data and info.data[field] is None:
        raise ValueError(f"needs {key}")
    return value
