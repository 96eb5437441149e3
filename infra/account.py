"""The AWS account that the credentials belong to, held against those a stage allows."""

from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from infra.errors import AccountError

if TYPE_CHECKING:
    from infra.settings import StageSettings

_CONFIG: Final = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2})


def check_account(settings: "StageSettings") -> None:
    """Ask AWS whose the credentials are, those that the provider will use too.

    The provider holds them against the same list, but only once a resource is to be made.

    Raises:
        AccountError: if there are none, AWS refuses them, or the account is not the stage's.
    """
    account = _current_account(settings)
    if account not in settings.allowed_accounts:
        allowed = " or ".join(settings.allowed_accounts)
        raise AccountError(
            f"The AWS credentials are those of account {account}, and allowedAccounts of the "
            f"environment {settings.environment} has {allowed}: use another profile (AWS_PROFILE)."
        )


def _current_account(settings: "StageSettings") -> str:
    try:
        session = boto3.Session(profile_name=settings.profile, region_name=settings.region)
        return session.client("sts", config=_CONFIG).get_caller_identity()["Account"]
    except NoCredentialsError:
        raise AccountError(
            "There are no AWS credentials: set AWS_PROFILE (after `aws sso login`), "
            "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        ) from None
    except (BotoCoreError, ClientError) as error:
        raise AccountError(f"AWS does not tell whose the credentials are: {error}") from None
