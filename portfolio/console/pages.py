"""The pages of a stage in a browser."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from infra.errors import StackError

if TYPE_CHECKING:
    from portfolio.stage_access import StageAccess


class Page(StrEnum):
    """A page to open."""

    API = "api"
    DOCS = "docs"
    DASHBOARD = "dashboard"
    FUNCTION = "function"
    LOGS = "logs"
    STATUS = "status"
    TRACES = "traces"


_INSTEAD: Final = {
    Page.DASHBOARD: "use portfolio open status --stack local",
    Page.FUNCTION: "its code is backend/src",
    Page.LOGS: "use portfolio logs --stack local",
    Page.TRACES: "use portfolio logs --stack local",
}
"""The next step, for a page that only a stage in AWS has."""


def page_address(stage: "StageAccess", page: Page) -> str:
    """Return the address of a page.

    Raises:
        PortfolioError: if the stage has no such page, or the stack cannot be read.
    """
    from infra.settings.files import LOCAL  # noqa: PLC0415 - slow, and each command imports Page

    if page is Page.API:
        return stage.output("api_url")
    if page is Page.DOCS:
        return _docs_address(stage)
    if page is Page.STATUS:
        if stage.status_link:
            return stage.status_link
        raise StackError(
            f"{stage.stack} has no status page, only the local stage has one: "
            f"use portfolio open dashboard --stack {stage.stack}."
        )
    if stage.stack == LOCAL:
        raise StackError(f"The local stage has no page {page} in AWS: {_INSTEAD[page]}.")
    return f"{_console(stage.region)}/{_console_path(stage, page)}"


def browser_address(page: Page, address: str) -> str:
    """Return the address for the browser's command line, which other users can read."""
    from portfolio.local.running_stages import write_link  # noqa: PLC0415 - slow, as above

    return write_link(address) if page is Page.STATUS else address


def _docs_address(stage: "StageAccess") -> str:
    if stage.is_production:
        raise StackError(
            f"{stage.stack} is production, which serves no docs: open those of another stage."
        )
    return f"{stage.output('api_url')}/docs"


def _console(region: str) -> str:
    # A host for each region: https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
    return f"https://{region}.console.aws.amazon.com"


def _console_path(stage: "StageAccess", page: Page) -> str:
    cloudwatch = f"cloudwatch/home?region={stage.region}"
    function = stage.output("function_name")
    paths = {
        # The stage's resources share one name.
        Page.DASHBOARD: f"{cloudwatch}#dashboards/dashboard/{quote(function)}",
        Page.FUNCTION: f"lambda/home?region={stage.region}#/functions/{quote(function)}",
        Page.LOGS: f"{cloudwatch}#logsV2:log-groups/log-group/{_escape(stage.output('log_group'))}",
        Page.TRACES: f"{cloudwatch}#xray:traces/query",
    }
    return paths[page]


def _escape(name: str) -> str:
    """Escape a log group's name twice, with `$` for `%`, as the console does."""
    return quote(quote(name, safe=""), safe="").replace("%", "$")
