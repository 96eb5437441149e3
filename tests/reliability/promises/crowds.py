"""Visitors at once: each one is counted, once, and none is turned away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from portfolio.local.emulator import run_emulator
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from tests.backend.content_checks import post_input
from tests.backend.dynamodb_traffic import cancel_what_meets
from tests.reliability.figures import Row
from tests.reliability.ground import Ground, open_ground

_AT_ONCE: Final = 50
_HELD: Final = 0.03
"""Seconds for which a transaction holds its items: twice the longest of `tests.bench.crowds`."""


def measure() -> Iterator[Row]:
    """Send 2,000 visitors to the site, and 2,000 to one post."""
    with run_emulator() as emulator:
        for send in (send_visitors, send_viewers):
            with open_ground(emulator) as ground:
                yield send(ground, 2000)


def send_visitors(ground: Ground, visitors: int) -> Row:
    """Let so many visitors come to the site at once; transactions that meet are cancelled."""
    client = ground.client(max_pool_connections=_AT_ONCE)
    repository = VisitorRepository(Table(client, ground.table_name))
    cancel_what_meets(client, _HELD)
    row = Row("visitors of the site")
    _come_at_once(row, visitors, lambda session: repository.track(session).tracked)
    with row.case("the sums"):
        counts = {repository.count().total, sum(visits for _, visits in repository.daily(2))}
        assert counts == {visitors}
    return row


def send_viewers(ground: Ground, visitors: int) -> Row:
    """Let so many visitors read one post at once; transactions that meet are cancelled."""
    posts = ContentRepository(POSTS, Table(ground.client(), ground.table_name))
    post = posts.publish(posts.create(post_input()).id).id
    client = ground.client(max_pool_connections=_AT_ONCE)
    views = ViewRepository(Table(client, ground.table_name))
    cancel_what_meets(client, _HELD)
    row = Row("readers of one post")
    _come_at_once(row, visitors, lambda session: views.track(POSTS, post, session).tracked)
    with row.case("the sums"):
        counts = {views.count(POSTS, post), views.total(), dict(views.most_viewed(POSTS, 1))[post]}
        assert counts == {visitors}
    return row


def _come_at_once(row: Row, visitors: int, track: Callable[[str], bool]) -> None:
    def come(session: str) -> None:
        with row.case(session):
            assert track(session), "not counted"

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(come, [f"session {number}" for number in range(visitors)]))
