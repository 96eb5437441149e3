"""The AWS account behind the credentials, and the meaning of AWS's errors."""

from typing import TYPE_CHECKING, Final, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's name
    CredentialRetrievalError,
    HTTPClientError,
    LoginError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from infra.errors import AccountError

if TYPE_CHECKING:
    from infra.settings import StageSettings

_CONFIG: Final = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})

type _Kind = Literal[
    "credentials missing", "credentials refused", "denied", "not found", "throttled", "unreachable"
]

_CODES: Final[dict[str, _Kind]] = {
    "AccessDenied": "denied",
    "AccessDeniedException": "denied",
    "AuthorizationError": "denied",
    "AuthorizationErrorException": "denied",
    "ExpiredToken": "credentials refused",
    "ExpiredTokenException": "credentials refused",
    "IncompleteSignature": "credentials refused",
    "InvalidAccessKeyId": "credentials refused",
    "InvalidClientTokenId": "credentials refused",
    "InvalidSignatureException": "credentials refused",
    "NoSuchEntity": "not found",
    "NotFound": "not found",
    "NotFoundException": "not found",
    "RequestExpired": "credentials refused",
    "RequestLimitExceeded": "throttled",
    "ResourceNotFoundException": "not found",
    "SignatureDoesNotMatch": "credentials refused",
    "ThrottledException": "throttled",
    "Throttling": "throttled",
    "ThrottlingException": "throttled",
    "TooManyRequestsException": "throttled",
    "UnauthorizedOperation": "denied",
    "UnrecognizedClientException": "credentials refused",
}
"""The error codes of AWS's services: each service has its own words."""

_CLASSES: Final[dict[type[BotoCoreError], _Kind]] = {
    ConnectionError: "unreachable",
    CredentialRetrievalError: "credentials refused",
    HTTPClientError: "unreachable",
    LoginError: "credentials refused",
    NoCredentialsError: "credentials missing",
    PartialCredentialsError: "credentials refused",
    ProfileNotFound: "credentials refused",
    SSOError: "credentials refused",
    TokenRetrievalError: "credentials refused",
}
"""botocore's errors before a service answers."""


def check_account(settings: "StageSettings") -> str:
    """Check that the credentials, the AWS provider's too, belong to an allowed account.

    The provider checks the same list, but only before it creates the first resource.

    Returns:
        The account's number.

    Raises:
        AccountError: if credentials are missing, AWS refuses them or cannot be reached, or the
            account is not the stage's.
    """
    account = _current_account(settings)
    if account not in settings.allowed_accounts:
        allowed = " or ".join(settings.allowed_accounts)
        raise AccountError(
            f"The AWS credentials belong to account {account}, but allowedAccounts of the "
            f"environment {settings.environment} lists {allowed}: "
            "use another profile (AWS_PROFILE)."
        )
    return account


def explain_aws_error(error: BotoCoreError | ClientError) -> str:
    """Return the reason AWS gives and the next step, in one line."""
    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        code = answer.get("Code", "")
        kind = _CODES.get(code)
        reason = f"{error.operation_name}: {code}: {answer.get('Message', '')}"
    else:
        kind = _kind_of_class(error)
        reason = str(error)
    return _explain(kind, " ".join(reason.split()).rstrip(".:") + ".")


def _kind_of_class(error: BotoCoreError) -> _Kind | None:
    return next((kind for each, kind in _CLASSES.items() if isinstance(error, each)), None)


def _explain(kind: _Kind | None, reason: str) -> str:
    explanations: dict[_Kind | None, str] = {
        "credentials missing": "AWS credentials are missing: set AWS_PROFILE "
        "(after `aws sso login`), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        "credentials refused": f"The AWS credentials are not accepted: {reason} "
        "Sign in again (`aws sso login`), or use another profile (AWS_PROFILE).",
        "denied": f"The AWS credentials lack a permission: {reason} "
        "Ask for it, or use another profile (AWS_PROFILE).",
        "not found": f"AWS does not find the resource: {reason} "
        "Deploy the stage (`pulumi up`), or use its account's profile (AWS_PROFILE).",
        "throttled": f"AWS throttles the calls: {reason} Try again in a minute.",
        "unreachable": f"AWS cannot be reached: {reason} Check the network and the proxy.",
        None: f"AWS answers with an error: {reason}",
    }
    return explanations[kind]


def _current_account(settings: "StageSettings") -> str:
    try:
        session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
        return session.client("sts", config=_CONFIG).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise AccountError(explain_aws_error(error)) from None
