"""The contract's section on content: lists."""

from typing import Any

import httpx
import pytest

from tests.contract.calls import assert_refused, create, list_own, path_of, publish, read
from tests.contract.content_kinds import CERTIFICATION, POST, PROJECT, Kind

MEBIBYTE = 1024 * 1024
LARGE = "x" * 299_000

type Items = list[dict[str, Any]]


@pytest.fixture(scope="module")
def published(owner: httpx.Client, kind: Kind) -> Items:
    return [create(owner, kind, published=True) for _ in range(3)]


@pytest.fixture(scope="module")
def draft(owner: httpx.Client, kind: Kind) -> dict[str, Any]:
    return create(owner, kind)


@pytest.fixture(scope="module")
def category(owner: httpx.Client, run_id: str) -> str:
    """A category with three published posts and a draft."""
    for _ in range(3):
        create(owner, POST, published=True, category=run_id)
    create(owner, POST, category=run_id)
    return run_id


# Pages


@pytest.mark.gateway
def test_a_list_answers_its_key_total_limit_and_offset(
    api: httpx.Client, published: Items, kind: Kind
) -> None:
    page = read(api, kind.base)
    assert page.keys() == {kind.list_key, "total", "limit", "offset"}
    assert (page["limit"], page["offset"]) == (20, 0)
    assert page["total"] >= len(published)
    assert len(page[kind.list_key]) == min(page["total"], 20)


def test_a_list_holds_whole_items(api: httpx.Client, published: Items, kind: Kind) -> None:
    listed = read(api, kind.base, limit=100)[kind.list_key]
    assert published[-1] in listed or len(listed) == 100
    assert all(item.keys() == published[-1].keys() for item in listed)


def test_a_list_is_published_items_unless_it_is_asked_for_others(
    api: httpx.Client, published: Items, draft: dict[str, Any], kind: Kind
) -> None:
    for params in ({}, {"status": "published"}):
        assert sorted(list_own(api, kind, [*published, draft], **params)) == [0, 1, 2]


def test_total_counts_every_match_not_the_page(api: httpx.Client, category: str) -> None:
    pages = [read(api, POST.base, category=category, limit=2, offset=at) for at in (0, 2, 4)]
    assert [len(page["posts"]) for page in pages] == [2, 1, 0]
    assert [page["total"] for page in pages] == [3, 3, 3]
    assert [(page["limit"], page["offset"]) for page in pages] == [(2, 0), (2, 2), (2, 4)]
    whole = read(api, POST.base, category=category)["posts"]
    assert [post for page in pages for post in page["posts"]] == whole


def test_total_follows_publications_moves_and_deletions(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    name = f"{run_id} total"

    def total(**params: str) -> int:
        return read(owner, POST.base, category=name, **params)["total"]

    post = create(owner, POST, category=name)
    assert (total(), total(status="draft"), total(status="all")) == (0, 1, 1)
    publish(owner, POST, post)
    assert (total(), total(status="draft"), total(status="all")) == (1, 0, 1)
    owner.put(path_of(POST, post), json={"category": f"{name} moved"})
    assert total(status="all") == 0
    owner.put(path_of(POST, post), json={"category": name})
    owner.delete(path_of(POST, post))
    assert (total(), total(status="all")) == (0, 0)
    assert read(api, POST.base, category=name)["posts"] == []


@pytest.mark.gateway
def test_a_page_above_4_mib_ends_early_and_the_next_offset_goes_on(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    name = f"{run_id} large"
    own = [create(owner, POST, published=True, category=name, content=LARGE) for _ in range(16)]
    whole: Items = []
    lengths: list[int] = []
    while len(whole) < len(own):
        answer = api.get(POST.base, params={"category": name, "offset": len(whole)})
        assert (answer.status_code, len(answer.content) <= 4 * MEBIBYTE) == (200, True)
        page = answer.json()
        assert (page["total"], page["limit"], page["offset"]) == (16, 20, len(whole))
        lengths.append(len(page["posts"]))
        whole += page["posts"]
    assert lengths == [14, 2]
    assert whole == own[::-1]


@pytest.mark.parametrize("limit", [1, 100])
def test_a_limit_is_1_to_100(api: httpx.Client, published: Items, kind: Kind, limit: int) -> None:
    page = read(api, kind.base, limit=limit)
    assert page["limit"] == limit
    assert len(page[kind.list_key]) == min(page["total"], limit)
    assert page["total"] >= len(published)


@pytest.mark.parametrize("offset", [1, 10**30])
def test_an_offset_skips_items(
    api: httpx.Client, published: Items, kind: Kind, offset: int
) -> None:
    whole = read(api, kind.base, limit=100)
    page = read(api, kind.base, limit=99, offset=offset)
    assert page[kind.list_key] == whole[kind.list_key][offset:100]
    assert (page["total"], page["offset"]) == (whole["total"], offset)
    assert page["total"] >= len(published)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("limit", value) for value in ("0", "101", "-1", "1.5", "swordfish", "")],
        *[("offset", value) for value in ("-1", "swordfish", "", "9" * 5_000)],
        *[("status", value) for value in ("swordfish", "Draft", "")],
    ],
)
def test_a_parameter_out_of_bounds_is_400(
    api: httpx.Client, kind: Kind, name: str, value: str
) -> None:
    answer = api.get(kind.base, params={name: value})
    assert_refused(answer, 400, name)
    assert "swordfish" not in answer.text
    assert "99" not in answer.text


@pytest.mark.parametrize(
    ("kind", "name"),
    [(PROJECT, "featured"), (CERTIFICATION, "featured"), (CERTIFICATION, "type")],
    ids=["project-featured", "certification-featured", "certification-type"],
)
def test_a_filter_of_a_wrong_value_is_400(api: httpx.Client, kind: Kind, name: str) -> None:
    for value in ("swordfish", ""):
        answer = api.get(kind.base, params={name: value})
        assert_refused(answer, 400, name)
        assert "swordfish" not in answer.text


def test_query_keys_that_mean_nothing_are_ignored(
    api: httpx.Client, published: Items, kind: Kind
) -> None:
    params = {"unknown": "x", "Limit": "1", "slug": "x"}
    assert read(api, kind.base, **params)["limit"] == 20
    assert read(api, path_of(kind, published[0]), **params) == published[0]


# Drafts, and tokens that are optional


@pytest.mark.parametrize("status", ["draft", "all"])
def test_draft_and_all_are_for_the_owner_only(
    api: httpx.Client, user: httpx.Client, kind: Kind, status: str
) -> None:
    assert_refused(api.get(kind.base, params={"status": status}), 401)
    assert_refused(user.get(kind.base, params={"status": status}), 403)


@pytest.mark.gateway
def test_the_owner_lists_drafts_and_all(
    owner: httpx.Client, published: Items, draft: dict[str, Any], kind: Kind
) -> None:
    for status, expected in (("draft", [3]), ("all", [0, 1, 2, 3])):
        assert sorted(list_own(owner, kind, [*published, draft], status=status)) == expected


def test_published_items_are_listed_to_every_valid_token(
    user: httpx.Client, owner: httpx.Client, published: Items, draft: dict[str, Any], kind: Kind
) -> None:
    for client in (user, owner):
        assert sorted(list_own(client, kind, [*published, draft])) == [0, 1, 2]


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Bearer", "Basic eDp5"])
def test_an_invalid_token_is_ignored_if_none_is_needed(
    api: httpx.Client, published: Items, kind: Kind, authorization: str
) -> None:
    for path in (kind.base, path_of(kind, published[0])):
        assert api.get(path, headers={"Authorization": authorization}).status_code == 200
    drafts = api.get(f"{kind.base}?status=draft", headers={"Authorization": authorization})
    assert_refused(drafts, 401)


# Filters


@pytest.mark.gateway
def test_posts_are_filtered_by_category_and_tag_exactly(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    one, two, tag = f"{run_id} one", f"{run_id} two", f"t-{run_id}"
    own = [
        create(owner, POST, published=True, category=category, tags=tags)
        for category, tags in ((one, [tag, "other"]), (one, ["other"]), (two, ["other", tag]))
    ]

    def found(**params: str) -> list[int]:
        page = read(api, POST.base, **params)
        assert page["total"] == len(page["posts"])
        return [own.index(post) for post in page["posts"]]

    assert found(category=one) == [1, 0]
    assert found(tag=tag) == [2, 0]
    assert found(category=one, tag=tag) == [0]
    for wrong in (one.upper(), one[:-1], f"{one}.", "", "%"):
        assert found(category=wrong) == []
    assert found(tag=tag.upper()) == found(tag=tag[:-1]) == []
    assert found(category=two, tag="another") == []


@pytest.mark.gateway
def test_a_category_and_a_tag_are_the_same_in_every_encoding_and_with_blanks_around(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    forms = [f"{run_id} café", f"{run_id} cafe\u0301", f" {run_id} café\u00a0"]
    own = [create(owner, POST, published=True, category=form, tags=[form]) for form in forms]
    assert {post["category"] for post in own} == {forms[0]}
    for form in forms:
        for params in ({"category": form}, {"tag": form}):
            page = read(api, POST.base, **params)
            assert (page["posts"], page["total"]) == (own[::-1], 3)
    assert read(api, "/blogs/categories")["categories"].count(forms[0]) == 1


def test_filters_combine_with_status(owner: httpx.Client, run_id: str) -> None:
    name = f"{run_id} status"
    draft = create(owner, POST, category=name, tags=["a"])
    published = create(owner, POST, category=name, tags=["a"], published=True)
    create(owner, POST, category=name, tags=["b"])
    for status, expected in (("draft", [draft]), ("all", [published, draft])):
        page = read(owner, POST.base, category=name, tag="a", status=status)
        assert (page["posts"], page["total"]) == (expected, len(expected))


@pytest.mark.parametrize("kind", [PROJECT, CERTIFICATION], ids=lambda kind: kind.content_type)
def test_featured_filters(api: httpx.Client, owner: httpx.Client, kind: Kind) -> None:
    own = [create(owner, kind, published=True, featured=featured) for featured in (True, False)]
    assert list_own(api, kind, own, featured="true") == [0]
    assert list_own(api, kind, own, featured="false") == [1]
    assert all(item["featured"] for item in read(api, kind.base, featured="true")[kind.list_key])
    owner.put(path_of(kind, own[0]), json={"featured": False})
    assert list_own(api, kind, own, featured="true") == []


def test_certifications_are_filtered_by_type_and_featured(
    api: httpx.Client, owner: httpx.Client
) -> None:
    own = [
        create(owner, CERTIFICATION, published=True, type=name, featured=featured)
        for name, featured in (("certification", True), ("course", True), ("course", False))
    ]

    def found(**params: str) -> list[int]:
        return sorted(list_own(api, CERTIFICATION, own, **params))

    assert found(type="certification") == [0]
    assert found(type="course") == [1, 2]
    assert found(type="course", featured="true") == [1]
    assert found(type="certification", featured="false") == []


# Order


def test_published_items_of_one_date_are_newest_first_whenever_they_were_edited(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    own = [create(owner, kind) for _ in range(3)]
    for place in (1, 2, 0):
        publish(owner, kind, own[place])
    changes = {name: kind.changes[name] for name in kind.changes.keys() - kind.order_keys}
    owner.put(path_of(kind, own[0]), json=changes)
    assert list_own(api, kind, own) == [2, 1, 0]


def test_published_certifications_are_in_the_order_they_were_earned_newest_first(
    api: httpx.Client, owner: httpx.Client
) -> None:
    dates = ("2021-05-01", "2023-01-31", "2019-12-31", "2021-05-01")
    own = [
        create(owner, CERTIFICATION, published=True, dateEarned=date, type="course", featured=True)
        for date in dates
    ]
    filters: tuple[dict[str, str], ...] = (
        {},
        {"type": "course"},
        {"featured": "true"},
        {"type": "course", "featured": "true"},
    )
    for params in filters:
        assert list_own(api, CERTIFICATION, own, **params) == [1, 3, 0, 2]
    owner.put(path_of(CERTIFICATION, own[2]), json={"dateEarned": "2022-01-01"})
    for params in filters:
        assert list_own(api, CERTIFICATION, own, **params) == [1, 2, 3, 0]


def test_drafts_and_all_are_ordered_by_their_last_change_newest_first(
    owner: httpx.Client, kind: Kind
) -> None:
    own = [create(owner, kind) for _ in range(3)]

    def listed() -> list[list[int]]:
        return [list_own(owner, kind, own, status=status) for status in ("draft", "all")]

    owner.put(path_of(kind, own[1]), json=kind.changes)
    assert listed() == [[1, 2, 0]] * 2
    publish(owner, kind, own[0])
    assert listed() == [[1, 2], [0, 1, 2]]
    owner.post(f"{path_of(kind, own[2])}/publish")
    owner.post(f"{path_of(kind, own[2])}/unpublish")
    assert listed() == [[2, 1], [2, 0, 1]]
