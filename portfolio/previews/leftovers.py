"""Search for leftovers of a deleted environment in AWS, by tag and by name.

The search by tag misses roles, dashboards and saved queries. It also misses log groups created by
Lambda, because they have no tags.
"""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.stage_access import open_session

if TYPE_CHECKING:
    from infra.settings import StageSettings

_PAUSE: Final = 10.0
"""Seconds between two searches."""

_LOG_GROUPS: Final = ("/aws/lambda/", "/aws/vendedlogs/")
"""Prefixes of the log groups of the function and the gateway."""

type _Search = Callable[[Any, "StageSettings"], Iterator[str]]


def find_leftovers(
    settings: "StageSettings", regions: Collection[str], wait: timedelta
) -> list[str]:
    """Return the sorted ARNs or names of an environment's leftovers.

    The search is repeated until nothing is found, or the time is over.

    Args:
        settings: the environment's settings.
        regions: the regions to search.
        wait: the time limit for AWS to stop listing deleted resources.

    Raises:
        StackError: if AWS refuses a search or cannot be reached.
    """
    end = time.monotonic() + wait.total_seconds()
    while (found := _search(settings, regions)) and (rest := end - time.monotonic()) > 0:
        time.sleep(min(_PAUSE, rest))
    return found


def _search(settings: "StageSettings", regions: Collection[str]) -> list[str]:
    with explain_aws_errors(settings.environment):
        sessions = [open_session(settings, region) for region in regions]
        return sorted(
            {
                name
                for session in sessions
                for search in _SEARCHES
                for name in search(session, settings)
            }
        )


def _tagged(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    filters = [{"Key": key, "Values": [settings.tags[key]]} for key in ("project", "environment")]
    client = session.client("resourcegroupstaggingapi")
    for page in client.get_paginator("get_resources").paginate(TagFilters=filters):
        yield from (each["ResourceARN"] for each in page["ResourceTagMappingList"])


def _log_groups(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    client = session.client("logs")
    for folder in _LOG_GROUPS:
        prefix = folder + settings.name
        for page in client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            for each in page["logGroups"]:
                yield f"log group {each['logGroupName']} in {session.region_name}"


def _saved_queries(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    client = session.client("logs")
    # botocore has no paginator for this call.
    request = {"queryDefinitionNamePrefix": f"{settings.name}/"}
    while request:
        page = client.describe_query_definitions(**request)
        for each in page["queryDefinitions"]:
            yield f"saved query {each['name']} in {session.region_name}"
        token = page.get("nextToken")
        request = {**request, "nextToken": token} if token else {}


def _roles(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    for page in session.client("iam").get_paginator("list_roles").paginate():
        names = (each["RoleName"] for each in page["Roles"])
        yield from (f"role {name}" for name in names if name.startswith(settings.name))


def _dashboards(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    client = session.client("cloudwatch")
    for page in client.get_paginator("list_dashboards").paginate(DashboardNamePrefix=settings.name):
        yield from (f"dashboard {each['DashboardName']}" for each in page["DashboardEntries"])


_SEARCHES: Final[tuple[_Search, ...]] = (
    _tagged,
    _log_groups,
    _saved_queries,
    _roles,
    _dashboards,
)
