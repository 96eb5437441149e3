"""Many visitors at once are counted exactly, and none is turned away.

The emulators never cancel transactions that meet on an item. So the client of these tests does it,
by AWS's rule: a transaction is cancelled if another one holds one of its items.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event
from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.config import Config

from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from src.utils.errors import NotFoundError
from tests.backend.content_checks import clear_table, post_input
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import cancel_what_meets

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

CROWD: Final = 200
AT_ONCE: Final = 50
# Twice the longest time assumed in tests/bench: a client here sends fewer requests a second.
HELD: Final = 0.03


@pytest.fixture
def crowded(
    aws: boto3.Session, dynamodb: "DynamoDBClient", dynamodb_endpoint: str, table_name: str
) -> "DynamoDBClient":
    """A client with a connection for each visitor; transactions that meet are cancelled."""
    clear_table(dynamodb, table_name)
    config = Config(proxies={}, max_pool_connections=AT_ONCE)
    return aws.client("dynamodb", endpoint_url=dynamodb_endpoint, config=config)


def come_at_once[ResultT](track: Callable[[str], ResultT]) -> list[ResultT]:
    sessions = [f"session {number}" for number in range(CROWD)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(track, sessions))


def test_a_crowd_of_visitors_is_counted(crowded: "DynamoDBClient", table_name: str) -> None:
    # Longer, and on the fewest shards of a stage: a busy machine sends few at the same time.
    outcomes = cancel_what_meets(crowded, 2 * HELD)
    visitors = VisitorRepository(Table(crowded, table_name), shards=64)
    visits = come_at_once(visitors.track)

    assert all(visit.tracked for visit in visits)
    assert visitors.count().total == sum(count for _, count in visitors.daily(2)) == CROWD
    assert max(visit.total for visit in visits) == CROWD
    # Some did meet, so this would show a loss.
    assert outcomes["done"] == CROWD
    assert outcomes["cancelled"]


def test_a_crowd_that_reads_one_post_is_counted(
    crowded: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    posts = ContentRepository(POSTS, Table(dynamodb, table_name))
    post = posts.publish(posts.create(post_input()).id).id
    outcomes = cancel_what_meets(crowded, HELD)
    views = ViewRepository(Table(crowded, table_name))
    tracked = come_at_once(lambda session: views.track(POSTS, post, session))

    assert all(view.tracked for view in tracked)
    assert views.count(POSTS, post) == views.total() == CROWD
    assert views.most_viewed(POSTS, 1) == [(post, CROWD)]
    assert outcomes["cancelled"]


@pytest.mark.parametrize("operation", ["unpublish", "delete"])
def test_the_owner_changes_a_post_while_a_crowd_reads_it(
    crowded: "DynamoDBClient", table_name: str, operation: str
) -> None:
    posts = ContentRepository(POSTS, Table(crowded, table_name))
    post = posts.publish(posts.create(post_input()).id).id
    outcomes = cancel_what_meets(crowded, HELD)
    views = ViewRepository(Table(crowded, table_name))
    sessions, started, gone = count(), Event(), Event()

    def come_until_it_is_gone(_place: int) -> int:
        tracked = 0
        while not gone.is_set():
            try:
                tracked += views.track(POSTS, post, f"session {next(sessions)}").tracked
            except NotFoundError:
                gone.wait(HELD)
            started.set()
        return tracked

    with ThreadPoolExecutor(AT_ONCE) as pool:
        crowd = pool.map(come_until_it_is_gone, range(AT_ONCE))
        try:
            started.wait()
            getattr(posts, operation)(post)
        finally:
            gone.set()
        tracked = sum(crowd)

    assert outcomes["cancelled"]
    with pytest.raises(NotFoundError):
        views.track(POSTS, post, "late")
    kept = {"unpublish": {post: tracked}, "delete": {}}[operation]
    assert views.count_each(POSTS) == kept
    assert dict(views.most_viewed(POSTS, 1)) == kept
    assert views.total() == sum(kept.values())
