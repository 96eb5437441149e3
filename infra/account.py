"""The AWS account behind the credentials, and the meaning of AWS's errors."""

from typing import TYPE_CHECKING, Final

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

_MISSING: Final = (
    "AWS credentials are missing: set AWS_PROFILE (after `aws sso login`), "
    "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)
_NOT_ACCEPTED: Final = (
    "The AWS credentials are not accepted: {reason} "
    "Sign in again (`aws sso login`), or use another profile (AWS_PROFILE)."
)
_DENIED: Final = (
    "The AWS credentials lack a permission: {reason} "
    "Ask for it, or use another profile (AWS_PROFILE)."
)
_NOT_FOUND: Final = (
    "AWS does not find it: {reason} "
    "Deploy the stage (`pulumi up`), or use its account's profile (AWS_PROFILE)."
)
_THROTTLED: Final = "AWS throttles the calls: {reason} Try again in a minute."
_UNREACHABLE: Final = "AWS is out of reach: {reason} Check the network and the proxy."
_OTHER: Final = "AWS answers with an error: {reason}"

_BY_CODE: Final = {
    **dict.fromkeys(
        (
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        ),
        _NOT_ACCEPTED,
    ),
    **dict.fromkeys(
        (
            "AccessDenied",
            "AccessDeniedException",
            "AuthorizationError",
            "AuthorizationErrorException",
            "UnauthorizedOperation",
        ),
        _DENIED,
    ),
    **dict.fromkeys(
        ("NoSuchEntity", "NotFound", "NotFoundException", "ResourceNotFoundException"), _NOT_FOUND
    ),
    **dict.fromkeys(
        (
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        ),
        _THROTTLED,
    ),
}
_BY_CLASS: Final[dict[type[BotoCoreError], str]] = {
    NoCredentialsError: _MISSING,
    **dict.fromkeys(
        (
            CredentialRetrievalError,
            LoginError,
            PartialCredentialsError,
            ProfileNotFound,
            SSOError,
            TokenRetrievalError,
        ),
        _NOT_ACCEPTED,
    ),
    **dict.fromkeys((ConnectionError, HTTPClientError), _UNREACHABLE),
}


def check_account(settings: "StageSettings") -> None:
    """Check that the credentials, the AWS provider's too, belong to an allowed account.

    The provider checks the same list, but only before it creates the first resource.

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


def explain_aws_error(error: BotoCoreError | ClientError) -> str:
    """Return the reason AWS gives and the next step, in one line."""
    if isinstance(error, ClientError):
        answer = error.response.get("Error", {})
        code = answer.get("Code", "")
        explanation = _BY_CODE.get(code, _OTHER)
        reason = f"{error.operation_name}: {code}: {answer.get('Message', '')}"
    else:
        known = (text for kind, text in _BY_CLASS.items() if isinstance(error, kind))
        explanation = next(known, _OTHER)
        reason = str(error)
    return explanation.format(reason=" ".join(reason.split()).rstrip(".:") + ".")


def _current_account(settings: "StageSettings") -> str:
    try:
        session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
        return session.client("sts", config=_CONFIG).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise AccountError(explain_aws_error(error)) from None
