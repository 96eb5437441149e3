# noqa: INP001 - a script, not part of the package in the zip
"""Write the app's OpenAPI schema to backend/openapi.json, or check the file.

The Pulumi program creates the gateway's routes from this file.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr, ValidationError

from src.app import create_app
from src.config import LogLevel, Settings


def _create_settings() -> Settings:
    return Settings(
        environment="production",
        aws_region="us-east-1",
        dynamodb_table_name="placeholder",
        cognito_user_pool_id="us-east-1_madeup",
        cognito_client_id="placeholder",
        cors_origins=("https://placeholder.example",),
        log_level=LogLevel.INFO,
        counter_shards=64,
        session_key=SecretStr("placeholder-" * 4),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the schema and return the exit status.

    Args:
        arguments: the command line arguments (default: those of this process).
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="do not write; fail if the file is out of date"
    )
    default = Path(__file__).with_name("openapi.json")
    parser.add_argument(
        "--file",
        type=Path,
        default=default,
        help="path of the schema (default: backend/openapi.json)",
    )
    options = parser.parse_args(arguments)
    try:
        settings = _create_settings()
    except ValidationError as error:
        sys.stderr.write(f"Fix the settings in {__file__}: {_explain(error)}\n")
        return 1
    schema = json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"
    if not options.check:
        options.file.write_text(schema, encoding="utf-8")
        return 0
    if options.file.is_file() and options.file.read_text(encoding="utf-8") == schema:
        return 0
    sys.stderr.write(f"{options.file} is out of date: run `make format` and commit it.\n")
    return 1


def _explain(error: ValidationError) -> str:
    """Return each refused field with the reason, without its value."""
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())


if __name__ == "__main__":
    sys.exit(main())
