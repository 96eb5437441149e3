"""The contract's section on analytics."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from tests.contract.calls import (
    NOBODYS_ID,
    assert_refused,
    create,
    path_of,
    publish,
    read,
)
from tests.contract.content_kinds import KINDS, POST, Kind
from tests.contract.counters import ABSENT, assert_grew, new_visitor, post, session, session_header
from tests.contract.target import Target


@pytest.fixture(scope="module")
def viewed(api: httpx.Client, owner: httpx.Client, kind: Kind) -> dict[str, int]:
    """Six items by their ids, and how often each was viewed."""
    views_of: dict[str, int] = {}
    for count in (1, 3, 2, 1, 1, 1):
        item = create(owner, kind, published=True)
        for _ in range(count):
            track(api, kind, item)
        views_of[item["id"]] = count
    return views_of


def track(
    client: httpx.Client,
    kind: Kind,
    item: dict[str, Any],
    headers: Mapping[str, str | bytes] | None = None,
    **options: Any,
) -> tuple[int, bool]:
    view = post(client, track_path(kind, item["id"]), headers=headers or session(), **options)
    assert view.keys() == {"views", "tracked", "message", "sessionId"}
    return view["views"], view["tracked"]


def track_path(kind: Kind, item_id: str) -> str:
    return f"/analytics/track/{kind.content_type}/{item_id}"


def views(client: httpx.Client, kind: Kind, item_id: str) -> int:
    answer = read(client, f"/analytics/views/{kind.content_type}/{item_id}")
    expected = {"contentId": item_id, "contentType": kind.content_type, "views": answer["views"]}
    assert answer == expected
    return answer["views"]


def total(owner: httpx.Client) -> int:
    answer = read(owner, "/analytics/views/total")
    assert answer.keys() == {"totalViews"}
    return answer["totalViews"]


def top(owner: httpx.Client, kind: Kind, **params: int) -> list[dict[str, Any]]:
    answer = read(owner, "/analytics/top-content", **params)
    assert answer.keys() == {each.top_key for each in KINDS}
    return answer[kind.top_key]


def wait_for_top(
    owner: httpx.Client, kind: Kind, is_up_to_date: Callable[[dict[str, int]], bool]
) -> list[dict[str, Any]]:
    """Return the top list once it is up to date, or after ten seconds."""
    deadline = time.monotonic() + 10
    while True:
        listed = top(owner, kind, limit=20)
        views_of = {entry["contentId"]: entry["views"] for entry in listed}
        if is_up_to_date(views_of) or time.monotonic() > deadline:
            return listed
        time.sleep(0.2)


# Tracking, and the views of one item


@pytest.mark.gateway
def test_a_session_counts_once_per_content(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item, other = (create(owner, kind, published=True) for _ in range(2))
    headers = session()
    assert views(api, kind, item["id"]) == 0
    assert track(api, kind, item, headers) == (1, True)
    assert track(api, kind, item, headers) == (1, False)
    assert track(api, kind, item) == (2, True)
    assert track(api, kind, other, headers) == (1, True)
    assert (views(api, kind, item["id"]), views(api, kind, other["id"])) == (2, 1)


@pytest.mark.gateway
def test_without_an_id_a_session_is_the_address_and_the_user_agent(
    api: httpx.Client, owner: httpx.Client
) -> None:
    item = create(owner, POST, published=True)
    here, there = new_visitor(), new_visitor()
    seen = [track(api, POST, item, headers) for headers in (here, here, there)]
    assert seen == [(1, True), (1, False), (2, True)]


def test_a_session_id_of_the_header_or_of_the_body_is_a_session_and_others_count_as_absent(
    api: httpx.Client, owner: httpx.Client
) -> None:
    item, headers = create(owner, POST, published=True), session()
    body = {"session_id": headers["X-Session-Id"]}
    assert track(api, POST, item, headers) == (1, True)
    assert track(api, POST, item, new_visitor(), json=body) == (1, False)
    visitor = new_visitor()
    assert track(api, POST, item, visitor) == (2, True)
    for session_id in ABSENT:
        assert track(api, POST, item, visitor | session_header(session_id)) == (2, False)
        assert track(api, POST, item, visitor, json={"session_id": session_id}) == (2, False)


def test_a_visit_and_views_of_one_session_are_counted_apart(
    api: httpx.Client, owner: httpx.Client
) -> None:
    headers = session()
    assert api.post("/visitors/track", headers=headers).json()["tracked"]
    for kind in KINDS:
        assert track(api, kind, create(owner, kind, published=True), headers) == (1, True)


def test_content_never_viewed_or_unknown_has_0_views(api: httpx.Client, kind: Kind) -> None:
    for item_id in (NOBODYS_ID, "x" * 300):
        assert views(api, kind, item_id) == 0


def test_tracking_an_unknown_item_is_404_and_counts_nothing(
    api: httpx.Client, owner: httpx.Client, target: Target, kind: Kind
) -> None:
    deleted = create(owner, kind, published=True)
    owner.delete(path_of(kind, deleted))
    before = total(owner)
    for item_id in (NOBODYS_ID, "x" * 300, deleted["id"]):
        assert_refused(api.post(track_path(kind, item_id), headers=session()), 404)
        assert views(api, kind, item_id) == 0
    assert_grew(target, before, total(owner), 0)


def test_tracking_a_draft_is_404_even_for_its_owner_and_counts_nothing(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    draft, headers = create(owner, kind), session()
    for client in (api, owner):
        assert_refused(client.post(track_path(kind, draft["id"]), headers=headers), 404)
    assert views(api, kind, draft["id"]) == 0
    publish(owner, kind, draft)
    # Nor did the refused attempt use the session up.
    assert track(api, kind, draft, headers) == (1, True)


def test_the_views_of_an_unpublished_item_are_0_for_everyone_until_it_is_published_again(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item, headers = create(owner, kind, published=True), session()
    assert track(api, kind, item, headers) == (1, True)
    owner.post(f"{path_of(kind, item)}/unpublish")
    assert [views(client, kind, item["id"]) for client in (api, owner)] == [0, 0]
    stats = read(owner, f"/analytics/views/{kind.content_type}")["stats"]
    assert stats[item["id"]] == 1
    if len(stats) < 20:
        assert item["id"] in {entry["contentId"] for entry in top(owner, kind, limit=20)}
    publish(owner, kind, item)
    assert views(api, kind, item["id"]) == 1


def test_content_is_known_by_its_own_type_only(
    api: httpx.Client, viewed: dict[str, int], kind: Kind
) -> None:
    item_id = next(iter(viewed))
    for other in KINDS:
        if other is not kind:
            assert_refused(api.post(track_path(other, item_id)), 404)
            assert views(api, other, item_id) == 0


@pytest.mark.gateway
@pytest.mark.parametrize("content_type", ["swordfish", "Blog", "blogs", "posts", "%20"])
def test_an_unknown_type_is_400(api: httpx.Client, owner: httpx.Client, content_type: str) -> None:
    for answer in (
        api.post(f"/analytics/track/{content_type}/{NOBODYS_ID}", headers=session()),
        api.get(f"/analytics/views/{content_type}/{NOBODYS_ID}"),
        owner.get(f"/analytics/views/{content_type}"),
    ):
        assert_refused(answer, 400, "type")
        assert "swordfish" not in answer.text
    answer = owner.get("/analytics/pages", params={"content_type": content_type})
    assert_refused(answer, 400, "content_type")


# The views of a type


@pytest.mark.gateway
def test_the_views_of_a_type_are_by_content_id(
    owner: httpx.Client, viewed: dict[str, int], kind: Kind
) -> None:
    for each in KINDS:
        answer = read(owner, f"/analytics/views/{each.content_type}")
        assert answer.keys() == {"contentType", "stats"}
        assert answer["contentType"] == each.content_type
        own = {key: count for key, count in answer["stats"].items() if key in viewed}
        assert own == (viewed if each is kind else {})


# The top list


def test_the_top_list_is_most_viewed_first(
    owner: httpx.Client, target: Target, viewed: dict[str, int], kind: Kind
) -> None:
    listed = wait_for_top(owner, kind, lambda views_of: viewed.items() <= views_of.items())
    assert all(entry.keys() == {"contentId", "views"} for entry in listed)
    counts = [entry["views"] for entry in listed]
    assert counts == sorted(counts, reverse=True)
    if target.is_ours_alone or len(listed) < 20:
        listed_own = [entry for entry in listed if entry["contentId"] in viewed]
        assert {entry["contentId"]: entry["views"] for entry in listed_own} == viewed


@pytest.mark.gateway
def test_the_top_list_has_as_many_as_asked_for_by_default_5(
    owner: httpx.Client, viewed: dict[str, int], kind: Kind
) -> None:
    whole = top(owner, kind, limit=20)
    assert len(viewed) <= len(whole) <= 20
    for listed, length in ((top(owner, kind), 5), (top(owner, kind, limit=1), 1)):
        assert len(listed) == length
        assert [entry["views"] for entry in listed] == [entry["views"] for entry in whole[:length]]


@pytest.mark.parametrize("limit", ["0", "21", "-1", "1.0", "+5", "٣", "swordfish"])
def test_a_limit_of_the_top_list_out_of_1_to_20_is_400(owner: httpx.Client, limit: str) -> None:
    answer = owner.get("/analytics/top-content", params={"limit": limit})
    assert_refused(answer, 400, "limit")
    assert "swordfish" not in answer.text


# The total


@pytest.mark.gateway
def test_the_total_counts_every_view_of_every_type(
    api: httpx.Client, owner: httpx.Client, target: Target
) -> None:
    before, headers = total(owner), session()
    for kind in KINDS:
        item = create(owner, kind, published=True)
        for each in (headers, headers, session()):
            track(api, kind, item, each)
    assert_grew(target, before, total(owner), 2 * len(KINDS))


def test_deleted_content_leaves_every_figure(
    api: httpx.Client, owner: httpx.Client, target: Target, kind: Kind
) -> None:
    before, item = total(owner), create(owner, kind, published=True)
    for _ in range(3):
        track(api, kind, item)
    viewed_total = total(owner)
    assert_grew(target, before, viewed_total, 3)
    owner.delete(path_of(kind, item))
    # Nobody else adds three views in that moment.
    assert total(owner) < viewed_total
    listed = wait_for_top(owner, kind, lambda views_of: item["id"] not in views_of)
    assert item["id"] not in {entry["contentId"] for entry in listed}
    assert views(api, kind, item["id"]) == 0
    assert item["id"] not in read(owner, f"/analytics/views/{kind.content_type}")["stats"]
    for page in (*pages(owner), *overview(owner)["top_pages"]):
        assert item["id"] not in page["page_path"]
    assert_grew(target, before, total(owner), 0)


# The figures of pages


def pages(owner: httpx.Client, **params: str) -> list[dict[str, Any]]:
    answer = owner.get("/analytics/pages", params=params)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    assert_pages(listed)
    return listed


def assert_pages(listed: list[dict[str, Any]]) -> None:
    """Check the form of the figures of pages, and their order."""
    for page in listed:
        assert page.keys() == {"page_path", "view_count", "unique_visitors"}
        assert page["unique_visitors"] == page["view_count"]
    counts = [page["view_count"] for page in listed]
    assert counts == sorted(counts, reverse=True)


def views_of_pages(listed: list[dict[str, Any]]) -> dict[str, int]:
    return {page["page_path"]: page["view_count"] for page in listed}


def overview(owner: httpx.Client, **params: int) -> dict[str, Any]:
    answer = read(owner, "/analytics/overview", **params)
    assert answer.keys() == {"total_views", "unique_visitors", "top_pages", "recent_activity"}
    assert answer["recent_activity"] == []
    assert len(answer["top_pages"]) <= 10
    assert_pages(answer["top_pages"])
    return answer


@pytest.mark.gateway
def test_the_pages_are_the_items_of_every_type_or_of_one_most_viewed_first(
    owner: httpx.Client, target: Target, viewed: dict[str, int], kind: Kind
) -> None:
    wait_for_top(owner, kind, lambda views_of: viewed.items() <= views_of.items())
    own = {f"/{kind.content_type}/{item_id}": count for item_id, count in viewed.items()}
    of_type, of_all = pages(owner, content_type=kind.content_type), pages(owner)
    assert len(of_type) <= len(of_all) <= 100
    assert all(page["page_path"].startswith(f"/{kind.content_type}/") for page in of_type)
    if target.is_ours_alone or len(of_all) < 100:
        assert own.items() <= views_of_pages(of_type).items()
        assert own.items() <= views_of_pages(of_all).items()
    for other in KINDS:
        if other is not kind:
            assert not own.keys() & views_of_pages(pages(owner, content_type=other.content_type))


@pytest.mark.gateway
def test_the_overview_has_the_total_the_visitors_and_the_first_ten_pages(
    api: httpx.Client, owner: httpx.Client, target: Target, viewed: dict[str, int], kind: Kind
) -> None:
    wait_for_top(owner, kind, lambda views_of: viewed.items() <= views_of.items())
    answer = overview(owner)
    assert_grew(target, answer["total_views"], total(owner), 0)
    assert answer["total_views"] >= sum(viewed.values())
    listed = [page["view_count"] for page in pages(owner)[:10]]
    if target.is_ours_alone:
        assert [page["view_count"] for page in answer["top_pages"]] == listed
    assert api.post("/visitors/track", headers=session()).is_success
    assert_grew(target, answer["unique_visitors"], overview(owner)["unique_visitors"], 1)


@pytest.mark.parametrize("days", [1, 7, 90])
def test_the_visitors_of_the_overview_are_the_sum_of_the_days_asked(
    owner: httpx.Client, target: Target, days: int
) -> None:
    daily = owner.get("/visitors/trends/daily", params={"days": days}).json()
    asked = sum(day["visitors"] for day in daily)
    assert_grew(target, asked, overview(owner, days=days)["unique_visitors"], 0)


@pytest.mark.parametrize("days", ["0", "91", "-1", "1.5", "+5", "٣", "swordfish"])
def test_the_days_of_the_overview_are_1_to_90(owner: httpx.Client, days: str) -> None:
    answer = owner.get("/analytics/overview", params={"days": days})
    assert_refused(answer, 400, "days")
    assert "swordfish" not in answer.text


# The figures of a post


@pytest.mark.gateway
def test_the_stats_of_a_post_are_the_owners_published_or_not(
    api: httpx.Client, owner: httpx.Client
) -> None:
    item = create(owner, POST, published=True)
    path = f"/analytics/blog/{item['id']}/stats"
    expected = {
        "post_id": item["id"],
        "title": item["title"],
        "view_count": 0,
        "unique_visitors": 0,
        "average_time_on_page": 0,
        "bounce_rate": 0,
    }
    assert read(owner, path) == expected
    for _ in range(2):
        track(api, POST, item)
    expected |= {"view_count": 2, "unique_visitors": 2}
    assert read(owner, path) == expected
    owner.post(f"{path_of(POST, item)}/unpublish")
    assert read(owner, path) == expected
    owner.delete(path_of(POST, item))
    assert_refused(owner.get(path), 404)


def test_the_stats_of_an_unknown_post_are_404(owner: httpx.Client) -> None:
    for item_id in (NOBODYS_ID, "x" * 300, "%20"):
        assert_refused(owner.get(f"/analytics/blog/{item_id}/stats"), 404)
    other = next(kind for kind in KINDS if kind is not POST)
    item = create(owner, other)
    assert_refused(owner.get(f"/analytics/blog/{item['id']}/stats"), 404)
