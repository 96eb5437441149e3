"""Settings of a stage that is only measured."""

from typing import Final

from pydantic import SecretStr

from src import SITE
from src.config import LogLevel, Settings

REGION: Final = "us-east-1"

BROWSER_HEADERS: Final = {
    "accept": "*/*",
    "accept_encoding": "gzip, deflate, br",
    "host": f"api.{SITE}",
    "origin": f"https://{SITE}",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "x_forwarded_for": "192.0.2.1",
    "x_forwarded_port": "443",
    "x_forwarded_proto": "https",
}
"""Headers of a browser's request, as the gateway passes them on; by `make_event`'s names."""


def make_settings(endpoint: str, table_name: str) -> Settings:
    """A stage whose AWS answers at an endpoint."""
    return Settings(
        environment="bench",
        aws_region=REGION,
        aws_endpoint_url=endpoint,
        dynamodb_table_name=table_name,
        cognito_user_pool_id="us-east-1_bench",
        cognito_client_id="bench",
        cors_origins=(f"https://{SITE}",),
        log_level=LogLevel.INFO,
        counter_shards=64,
        session_key=SecretStr("0123456789abcdef0123456789abcdef"),
    )
