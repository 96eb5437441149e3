"""An event of either log as a line to read."""

from infra.logs.access_lines import parse_access_line
from infra.logs.app_lines import parse_app_line
from infra.logs.events import LogEvent
from infra.logs.line import Line
from infra.logs.platform_lines import parse_platform_line


def parse_event(event: LogEvent) -> Line:
    """What an event tells."""
    if event.group.source == "access":
        return parse_access_line(event.message)
    return parse_platform_line(event.message) or parse_app_line(event.message)
