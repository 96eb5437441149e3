"""An event of either log as a line to read."""

from portfolio.logs.access_lines import parse_access_line
from portfolio.logs.app_lines import parse_app_line
from portfolio.logs.events import LogEvent
from portfolio.logs.line import Line
from portfolio.logs.platform_lines import parse_platform_line


def parse_event(event: LogEvent) -> Line:
    """What an event tells."""
    if event.group.source == "access":
        return parse_access_line(event.message)
    return parse_platform_line(event.message) or parse_app_line(event.message)
