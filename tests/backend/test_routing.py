"""The paths of a router: fixed text wins over a parameter, for every method."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from src.api.errors import add_error_handlers
from src.api.routing import ApiRouter
from tests.backend.app_client import connect


@pytest.fixture(scope="module")
def things() -> Iterator[httpx.Client]:
    """Things with templates first, so that only the rule lets a fixed path win."""
    router = ApiRouter(prefix="/things")

    @router.put("/{id}")
    @router.delete("/{id}")
    @router.public_get("/{id}")
    @router.post("/{id}/publish")
    def use_item() -> str:
        return "item"

    @router.get("/newest")
    @router.public_get("/slug/{slug}")
    def use_fixed() -> str:
        return "fixed"

    app = FastAPI()
    add_error_handlers(app)
    app.include_router(router)
    with connect(app) as client:
        yield client


def test_a_fixed_path_wins_over_a_template(things: httpx.Client) -> None:
    for path in ("/things/newest", "/things/slug/a", "/things/slug/publish"):
        assert things.get(path).json() == "fixed"
    for path in ("/things/a", "/things/slug", "/things/newest.", "/things/NEWEST"):
        assert things.get(path).json() == "item"
    assert things.post("/things/newest/publish").json() == "item"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/things/newest", "GET, HEAD"),
        ("DELETE", "/things/newest", "GET, HEAD"),
        ("POST", "/things/slug/publish", "GET, HEAD"),
        ("POST", "/things/a", "DELETE, GET, HEAD, PUT"),
        ("GET", "/things/a/publish", "POST"),
    ],
)
def test_a_method_of_the_template_is_405_at_a_fixed_path(
    things: httpx.Client, method: str, path: str, allowed: str
) -> None:
    answer = things.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
