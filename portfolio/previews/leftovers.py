"""What is still in AWS of an environment that should be gone: found by tag, and by name.

Tags alone do not do: roles, dashboards and saved queries cannot be found by them, and a log group
that Lambda made by itself has none.
"""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.errors import StackError

if TYPE_CHECKING:
    from infra.settings import StageSettings

_PAUSE: Final = 10.0
"""Seconds between two searches."""

_LOG_GROUPS: Final = ("/aws/lambda/", "/aws/vendedlogs/")
"""Where the function's and the gateway's lie."""

type _Search = Callable[[Any, "StageSettings"], Iterator[str]]


def find_leftovers(
    settings: "StageSettings", regions: Collection[str], wait: timedelta
) -> list[str]:
    """ARNs or names of what is left of an environment, sorted; empty if nothing is.

    Args:
        settings: of the environment.
        regions: where to look.
        wait: how long AWS may go on listing what has been deleted.

    Raises:
        StackError: if AWS does not let us look.
    """
    end = time.monotonic() + wait.total_seconds()
    while (found := _search(settings, regions)) and (rest := end - time.monotonic()) > 0:
        time.sleep(min(_PAUSE, rest))
    return found


def _search(settings: "StageSettings", regions: Collection[str]) -> list[str]:
    try:
        sessions: list[Any] = [
            boto3.Session(profile_name=settings.profile, region_name=region) for region in regions
        ]
        return sorted(
            {
                name
                for session in sessions
                for search in _SEARCHES
                for name in search(session, settings)
            }
        )
    except (BotoCoreError, ClientError) as error:
        raise StackError(
            f"AWS does not let us look for what is left of {settings.environment}: {error}"
        ) from None


def _tagged(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - a session
    filters = [{"Key": key, "Values": [settings.tags[key]]} for key in ("project", "environment")]
    client = session.client("resourcegroupstaggingapi")
    for page in client.get_paginator("get_resources").paginate(TagFilters=filters):
        yield from (each["ResourceARN"] for each in page["ResourceTagMappingList"])


def _log_groups(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - as above
    client = session.client("logs")
    for folder in _LOG_GROUPS:
        prefix = folder + settings.name
        for page in client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            for each in page["logGroups"]:
                yield f"log group {each['logGroupName']} in {session.region_name}"


def _saved_queries(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - as above
    client = session.client("logs")
    # botocore has no paginator for it.
    asked = {"queryDefinitionNamePrefix": f"{settings.name}/"}
    while asked:
        page = client.describe_query_definitions(**asked)
        for each in page["queryDefinitions"]:
            yield f"saved query {each['name']} in {session.region_name}"
        token = page.get("nextToken")
        asked = {**asked, "nextToken": token} if token else {}


def _roles(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - as above
    for page in session.client("iam").get_paginator("list_roles").paginate():
        names = (each["RoleName"] for each in page["Roles"])
        yield from (f"role {name}" for name in names if name.startswith(settings.name))


def _dashboards(session: Any, settings: "StageSettings") -> Iterator[str]:  # noqa: ANN401 - as above
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
