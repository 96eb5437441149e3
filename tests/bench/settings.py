"""Settings of a stage that is only measured."""

from pydantic import SecretStr

from src.config import LogLevel, Settings


def make_settings(endpoint: str, table_name: str) -> Settings:
    """A stage whose AWS answers at an endpoint."""
    return Settings(
        environment="bench",
        aws_region="us-east-1",
        aws_endpoint_url=endpoint,
        dynamodb_table_name=table_name,
        cognito_user_pool_id="us-east-1_bench",
        cognito_client_id="bench",
        cors_origins=("https://patrickcmd.dev",),
        log_level=LogLevel.INFO,
        session_key=SecretStr("0123456789abcdef0123456789abcdef"),
    )
