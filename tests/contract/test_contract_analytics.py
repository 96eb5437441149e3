"""The contract's section on analytics."""

import time
from collections.abc import Callable
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
from tests.contract.counters import assert_grew, new_session_id, session
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
    client: httpx.Client, kind: Kind, item: dict[str, Any], headers: dict[str, str] | None = None
) -> tuple[int, bool]:
    body = {"contentId": item["id"], "contentType": kind.content_type}
    answer = client.post("/analytics/track", json=body, headers=headers or session())
    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert view.keys() == {"views", "tracked"}
    return view["views"], view["tracked"]


def views(client: httpx.Client, kind: Kind, item_id: str) -> int:
    answer = read(client, f"/analytics/views/{kind.content_type}/{item_id}")
    expected = {"contentId": item_id, "contentType": kind.content_type, "views": answer["views"]}
    assert answer == expected
    return answer["views"]


def total(owner: httpx.Client) -> int:
    answer = read(owner, "/analytics/total-views")
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


# Tracking (POST /analytics/track), and the views of one item


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
def test_without_the_header_a_session_is_the_address_and_the_user_agent(
    api: httpx.Client, owner: httpx.Client
) -> None:
    item = create(owner, POST, published=True)
    here, there = ({"User-Agent": new_session_id()} for _ in range(2))
    seen = [track(api, POST, item, headers) for headers in (here, here, there)]
    assert seen == [(1, True), (1, False), (2, True)]


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
        body = {"contentId": item_id, "contentType": kind.content_type}
        assert_refused(api.post("/analytics/track", json=body, headers=session()), 404)
        assert views(api, kind, item_id) == 0
    assert_grew(target, before, total(owner), 0)


def test_tracking_a_draft_is_404_even_for_its_owner_and_counts_nothing(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    draft, headers = create(owner, kind), session()
    body = {"contentId": draft["id"], "contentType": kind.content_type}
    for client in (api, owner):
        assert_refused(client.post("/analytics/track", json=body, headers=headers), 404)
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
    publish(owner, kind, item)
    assert views(api, kind, item["id"]) == 1


def test_content_is_known_by_its_own_type_only(
    api: httpx.Client, viewed: dict[str, int], kind: Kind
) -> None:
    item_id = next(iter(viewed))
    for other in KINDS:
        if other is not kind:
            body = {"contentId": item_id, "contentType": other.content_type}
            assert_refused(api.post("/analytics/track", json=body), 404)
            assert views(api, other, item_id) == 0


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ("contentId", "contentType")),
        ({"contentId": NOBODYS_ID}, ("contentType",)),
        ({"contentType": "blog"}, ("contentId",)),
        ({"contentId": "", "contentType": "blog"}, ("contentId",)),
        ({"contentId": 7, "contentType": "blog"}, ("contentId",)),
        ({"contentId": "x" * 2_001, "contentType": "blog"}, ("contentId",)),
        ({"contentId": None, "contentType": "blog"}, ("contentId",)),
        ({"contentId": NOBODYS_ID, "contentType": "swordfish"}, ("contentType",)),
        ({"contentId": NOBODYS_ID, "contentType": "Blog"}, ("contentType",)),
        ({"contentId": NOBODYS_ID, "contentType": ""}, ("contentType",)),
        ({"contentId": NOBODYS_ID, "contentType": None}, ("contentType",)),
        ({"contentId": NOBODYS_ID, "contentType": 7}, ("contentType",)),
        ({"contentId": NOBODYS_ID, "contentType": "blog", "extra": "swordfish"}, ("extra",)),
    ],
    ids=range(13),
)
def test_tracking_takes_a_content_id_and_type_and_nothing_else(
    api: httpx.Client, body: dict[str, object], fields: tuple[str, ...]
) -> None:
    answer = api.post("/analytics/track", json=body, headers=session())
    assert_refused(answer, 400, *fields)
    assert "swordfish" not in answer.text


@pytest.mark.parametrize("content_type", ["swordfish", "Blog", "blogs", "posts", "%20"])
def test_an_unknown_content_type_in_a_path_is_400(
    api: httpx.Client, owner: httpx.Client, content_type: str
) -> None:
    for answer in (
        api.get(f"/analytics/views/{content_type}/{NOBODYS_ID}"),
        owner.get(f"/analytics/views/{content_type}"),
    ):
        assert_refused(answer, 400, "contentType")
        assert "swordfish" not in answer.text


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


@pytest.mark.parametrize("limit", ["0", "21", "-1", "swordfish"])
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


def test_deleted_content_leaves_the_top_list_and_the_total(
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
    assert_grew(target, before, total(owner), 0)
