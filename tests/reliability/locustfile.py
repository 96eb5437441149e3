"""Visitors for locust: they read lists, items and counts, and are counted.

Locust's own interpreter runs this file, so it imports nothing of ours.
"""

import importlib
import os
import uuid
from typing import Any, Final

_locust: Any = importlib.import_module("locust")
_gevent: Any = importlib.import_module("gevent")

_PAGES: Final = (
    "/health",
    "/blogs",
    "/projects?limit=5",
    "/certifications",
    "/visitors/count",
    "/blogs?offset=0&limit=1",
)


class Visitor(_locust.FastHttpUser):
    """A visitor without pauses; each visit has a new session."""

    wait_time = _locust.constant(0)

    @_locust.task
    def visit(self) -> None:
        """Read the pages and be counted."""
        session = {"X-Session-Id": f"load-{uuid.uuid4()}"}
        self.client.post("/visitors/track", headers=session)
        for page in _PAGES:
            self.client.get(page)


@_locust.events.init.add_listener
def end_after_requests(environment: Any, **_: Any) -> None:
    """End locust after the number of requests in `PORTFOLIO_REQUESTS`."""
    wanted = int(os.environ["PORTFOLIO_REQUESTS"])

    def wait() -> None:
        # Not in a listener: quitting ends the visitors, and with them a listener.
        while environment.stats.total.num_requests < wanted:
            _gevent.sleep(0.1)
        environment.runner.quit()

    _gevent.spawn(wait)
