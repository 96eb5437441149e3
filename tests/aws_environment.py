"""The AWS configuration of the tests: none of the user's."""

import os


def forget_aws_configuration() -> None:
    """Remove AWS's variables from this process's environment, and hide the user's files."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
