"""What a user pool has, the program does not mention, and `pulumi up` takes away.

Most of what the provider is not told, it leaves as it is. These it sets back: they are optional and
not computed in terraform-provider-aws (internal/service/cognitoidp/user_pool.go).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from portfolio.adoption.property_changes import Properties


def find_pool_losses(
    client: "CognitoIdentityProviderClient", pool: dict[str, Any], wanted: "Properties"
) -> list[str]:
    """What the pool would be without, in words.

    Args:
        client: for Cognito.
        pool: as Cognito describes it.
        wanted: the pool's inputs in the program.
    """
    factors: Any = client.get_user_pool_mfa_config(UserPoolId=pool["Id"])
    told = _factors(factors) | _rest(pool)
    return [words for name, words in told.items() if words and name not in wanted]


def _factors(found: dict[str, Any]) -> dict[str, str]:
    mfa = found.get("MfaConfiguration", "OFF")
    token = found.get("SoftwareTokenMfaConfiguration", {}).get("Enabled")
    return {
        "mfaConfiguration": f"MFA, which is {mfa}" if mfa != "OFF" else "",
        "softwareTokenMfaConfiguration": "authenticator apps as second factor" if token else "",
        "emailMfaConfiguration": _if(
            found, "EmailMfaConfiguration", "mailed codes as second factor"
        ),
        "webAuthnConfiguration": _if(found, "WebAuthnConfiguration", "its settings of passkeys"),
    }


def _rest(pool: dict[str, Any]) -> dict[str, str]:
    triggers = ", ".join(sorted(pool.get("LambdaConfig", {})))
    threats: str = pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF")
    checked: dict[str, Any] = pool.get("UserAttributeUpdateSettings", {})
    return {
        "lambdaConfig": f"its triggers ({triggers})" if triggers else "",
        "deviceConfiguration": _if(pool, "DeviceConfiguration", "its settings of devices"),
        "userPoolAddOns": f"threat protection, which is {threats}" if threats != "OFF" else "",
        "userAttributeUpdateSettings": _if(
            checked,
            "AttributesRequireVerificationBeforeUpdate",
            "the check of a new address before it counts",
        ),
        "smsAuthenticationMessage": _if(pool, "SmsAuthenticationMessage", "its text of an SMS"),
    }


def _if(found: dict[str, Any], name: str, words: str) -> str:
    return words if found.get(name) else ""
