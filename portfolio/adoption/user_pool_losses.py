"""Features of an existing user pool, removed by `pulumi up`.

The provider keeps most properties that the program does not set. It resets these, because they are
optional and not computed in terraform-provider-aws (internal/service/cognitoidp/user_pool.go).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from portfolio.adoption.property_changes import Properties


def find_pool_losses(
    client: "CognitoIdentityProviderClient", pool: dict[str, Any], wanted: "Properties"
) -> list[str]:
    """Return the features in words.

    Args:
        client: a client for Cognito.
        pool: Cognito's description of the pool.
        wanted: the pool's inputs in the program.
    """
    factors: Any = client.get_user_pool_mfa_config(UserPoolId=pool["Id"])
    features = _factors(factors) | _rest(pool)
    return [words for name, words in features.items() if words and name not in wanted]


def _factors(found: dict[str, Any]) -> dict[str, str]:
    mfa = found.get("MfaConfiguration", "OFF")
    token = found.get("SoftwareTokenMfaConfiguration", {}).get("Enabled")
    return {
        "mfaConfiguration": f"MFA ({mfa})" if mfa != "OFF" else "",
        "softwareTokenMfaConfiguration": "authenticator apps as a second factor" if token else "",
        "emailMfaConfiguration": _if(
            found, "EmailMfaConfiguration", "codes by e-mail as a second factor"
        ),
        "webAuthnConfiguration": _if(found, "WebAuthnConfiguration", "its passkey settings"),
    }


def _rest(pool: dict[str, Any]) -> dict[str, str]:
    triggers = ", ".join(sorted(pool.get("LambdaConfig", {})))
    threats: str = pool.get("UserPoolAddOns", {}).get("AdvancedSecurityMode", "OFF")
    checked: dict[str, Any] = pool.get("UserAttributeUpdateSettings", {})
    return {
        "lambdaConfig": f"its triggers ({triggers})" if triggers else "",
        "deviceConfiguration": _if(pool, "DeviceConfiguration", "its device settings"),
        "userPoolAddOns": f"threat protection ({threats})" if threats != "OFF" else "",
        "userAttributeUpdateSettings": _if(
            checked,
            "AttributesRequireVerificationBeforeUpdate",
            "the verification of a new address before its use",
        ),
        "smsAuthenticationMessage": _if(pool, "SmsAuthenticationMessage", "its SMS text"),
    }


def _if(found: dict[str, Any], name: str, words: str) -> str:
    return words if found.get(name) else ""
