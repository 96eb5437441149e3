"""The AWS services whose data botocore carries into the zip."""

from typing import Final

SERVICES: Final = frozenset({"cognito-idp", "dynamodb"})
"""Those the backend makes clients for, by botocore's name; the others' data is left out
(17 of botocore's 19 MB). boto3's resources are not used at all."""

_SERVICE_FILE_DEPTH: Final = 3
"""`botocore/data/<service>/…`; what lies right in `data` (regions, retries) belongs to all."""


def is_unused_service_data(name: str) -> bool:
    """Whether a file, named from the root of the zip, describes a service nobody calls."""
    parts = name.split("/")
    match parts[:2]:
        case ["boto3", "data" | "examples"]:
            return True
        case ["botocore", "data"] if len(parts) > _SERVICE_FILE_DEPTH:
            return parts[2] not in SERVICES or parts[-1].startswith("examples-")
        case _:
            return False
