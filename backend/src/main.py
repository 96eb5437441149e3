"""Entry point of the Lambda function: the app, with the settings of the environment."""

from src import cold_start
from src.api.gateway import create_handler
from src.app import create_app
from src.config import Settings
from src.utils.logging import configure_logging
from src.warm_up import warm_up

__all__ = ["app", "create_app", "handler"]

_settings = Settings()  # pyright: ignore[reportCallIssue] - the environment has the values
configure_logging(_settings.log_level)
app = create_app(_settings)
handler = create_handler(app)
warm_up(handler, app.state.services.dynamodb)
cold_start.finish()
