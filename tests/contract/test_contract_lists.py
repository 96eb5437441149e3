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
def test_a_list_answers_items_count_total_limit_and_offset(
    api: httpx.Client, published: Items, kind: Kind
) -> None:
    page = read(api, kind.base)
    assert page.keys() == {"items", "count", "total", "limit", "offset", "lastEvaluatedKey"}
    assert (page["limit"], page["offset"], page["lastEvaluatedKey"]) == (100, 0, None)
    assert page["total"] >= len(published)
    assert page["count"] == len(page["items"])
    # More would be a page that ends early, above 4 MiB.
    assert len(page["items"]) <= min(page["total"], 100)


def test_a_list_holds_whole_items(api: httpx.Client, published: Items, kind: Kind) -> None:
    listed = read(api, kind.base)["items"]
    assert published[-1] in listed
    assert all(item.keys() == published[-1].keys() for item in listed)
    assert {item["status"] for item in listed} == {"PUBLISHED"}


def test_a_list_is_published_items_unless_it_is_asked_for_others(
    api: httpx.Client, published: Items, draft: dict[str, Any], kind: Kind
) -> None:
    for params in ({}, {"status": "published"}, {"status": "PUBLISHED"}, {"status": "Published"}):
        assert sorted(list_own(api, kind, [*published, draft], **params)) == [0, 1, 2]


def test_total_counts_every_match_not_the_page(api: httpx.Client, category: str) -> None:
    pages = [read(api, POST.base, category=category, limit=2, offset=at) for at in (0, 2, 4)]
    assert [len(page["items"]) for page in pages] == [2, 1, 0]
    assert [page["count"] for page in pages] == [2, 1, 0]
    assert [page["total"] for page in pages] == [3, 3, 3]
    assert [(page["limit"], page["offset"]) for page in pages] == [(2, 0), (2, 2), (2, 4)]
    whole = read(api, POST.base, category=category)["items"]
    assert [post for page in pages for post in page["items"]] == whole


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
    assert read(api, POST.base, category=name)["items"] == []


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
        assert (page["total"], page["limit"], page["offset"]) == (16, 100, len(whole))
        assert page["count"] == len(page["items"])
        lengths.append(page["count"])
        whole += page["items"]
    assert lengths == [14, 2]
    assert whole == own[::-1]


@pytest.mark.parametrize("limit", [1, 100])
def test_a_limit_is_1_to_100(api: httpx.Client, published: Items, kind: Kind, limit: int) -> None:
    page = read(api, kind.base, limit=limit)
    assert page["limit"] == limit
    assert len(page["items"]) <= min(page["total"], limit)
    assert page["total"] >= len(published)


@pytest.mark.parametrize("offset", [1, 10**30])
def test_an_offset_skips_items(
    api: httpx.Client, published: Items, kind: Kind, offset: int
) -> None:
    whole = read(api, kind.base, limit=3)
    page = read(api, kind.base, limit=2, offset=offset)
    assert page["items"] == whole["items"][offset:3]
    assert (page["total"], page["offset"]) == (whole["total"], offset)
    assert page["total"] >= len(published)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("limit", value) for value in ("0", "101", "-1", "1.5", "swordfish", " ", "null")],
        *[("offset", value) for value in ("-1", "-0", "swordfish", " ", "9" * 5_000)],
        *[("status", value) for value in ("swordfish", " ", "draft ", "draft,all", "null")],
    ],
)
def test_a_parameter_out_of_bounds_is_400(
    api: httpx.Client, kind: Kind, name: str, value: str
) -> None:
    answer = api.get(kind.base, params={name: value})
    assert_refused(answer, 400, name)
    assert "swordfish" not in answer.text
    assert "99" not in answer.text


@pytest.mark.parametrize("kind", [PROJECT, CERTIFICATION], ids=lambda kind: kind.content_type)
@pytest.mark.parametrize("value", ["swordfish", " ", "yes", "on", "t", "2", " true", "null"])
def test_featured_of_another_form_is_400(api: httpx.Client, kind: Kind, value: str) -> None:
    answer = api.get(kind.base, params={"featured": value})
    assert_refused(answer, 400, "featured")
    assert "swordfish" not in answer.text


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (POST, "category"),
        (POST, "tag"),
        (PROJECT, "technology"),
        (CERTIFICATION, "type"),
        (CERTIFICATION, "issuer"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.content_type,
)
@pytest.mark.parametrize(
    "value", [" ", "\u00a0", "x" * 5_000, "é" * 1_000, "\u0000", "#", "swordfish", "null"]
)
def test_a_filter_value_that_cannot_occur_gives_an_empty_list(
    api: httpx.Client, owner: httpx.Client, kind: Kind, name: str, value: str
) -> None:
    for client, params in ((api, {}), (owner, {"status": "draft"}), (owner, {"status": "all"})):
        page = read(client, kind.base, **{name: value}, **params)
        assert (page["items"], page["count"], page["total"]) == ([], 0, 0)


@pytest.mark.parametrize("value", ["", None], ids=["empty", "name-alone"])
def test_an_empty_parameter_counts_as_absent(
    api: httpx.Client, published: Items, kind: Kind, value: str | None
) -> None:
    names = ("status", "limit", "offset", "category", "tag", "featured", "technology", "type")
    query = "&".join(name if value is None else f"{name}={value}" for name in (*names, "issuer"))
    assert api.get(f"{kind.base}?{query}").json() == read(api, kind.base)
    assert api.get(f"{kind.base}?limit=2&limit=&{query}").json()["limit"] == 2
    assert len(published) == 3


def test_query_keys_that_mean_nothing_are_ignored(
    api: httpx.Client, published: Items, kind: Kind
) -> None:
    params = {"unknown": "x", "Limit": "1", "slug": "x"}
    assert read(api, kind.base, **params)["limit"] == 100
    assert read(api, path_of(kind, published[0]), **params) == published[0]


# Drafts, and tokens that are optional


@pytest.mark.parametrize("status", ["draft", "all", "DRAFT", "All"])
def test_draft_and_all_are_for_the_owner_only(
    api: httpx.Client, user: httpx.Client, kind: Kind, status: str
) -> None:
    assert_refused(api.get(kind.base, params={"status": status}), 401)
    assert_refused(user.get(kind.base, params={"status": status}), 403)


@pytest.mark.gateway
def test_the_owner_lists_drafts_and_all(
    owner: httpx.Client, published: Items, draft: dict[str, Any], kind: Kind
) -> None:
    for names, expected in (
        (("draft", "DRAFT", "Draft"), [3]),
        (("all", "ALL", "aLl"), [0, 1, 2, 3]),
    ):
        for status in names:
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
        assert page["total"] == len(page["items"])
        return [own.index(post) for post in page["items"]]

    assert found(category=one) == [1, 0]
    assert found(tag=tag) == [2, 0]
    assert found(category=one, tag=tag) == [0]
    for wrong in (one.upper(), one[:-1], f"{one}.", "%"):
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
            assert (page["items"], page["total"]) == (own[::-1], 3)
    assert read(api, "/blogs/categories")["categories"].count(forms[0]) == 1


def test_filters_combine_with_status(owner: httpx.Client, run_id: str) -> None:
    name = f"{run_id} status"
    draft = create(owner, POST, category=name, tags=["a"])
    published = create(owner, POST, category=name, tags=["a"], published=True)
    create(owner, POST, category=name, tags=["b"])
    for status, expected in (("draft", [draft]), ("all", [published, draft])):
        page = read(owner, POST.base, category=name, tag="a", status=status)
        assert (page["items"], page["total"]) == (expected, len(expected))


@pytest.mark.parametrize("kind", [PROJECT, CERTIFICATION], ids=lambda kind: kind.content_type)
def test_featured_filters(api: httpx.Client, owner: httpx.Client, kind: Kind) -> None:
    own = [create(owner, kind, published=True, featured=featured) for featured in (True, False)]
    for value in ("true", "TRUE", "True", "1"):
        assert list_own(api, kind, own, featured=value) == [0]
    for value in ("false", "FALSE", "False", "0"):
        assert list_own(api, kind, own, featured=value) == [1]
    assert all(item["featured"] for item in read(api, kind.base, featured="true")["items"])
    owner.put(path_of(kind, own[0]), json={"featured": False})
    assert list_own(api, kind, own, featured="true") == []


@pytest.mark.gateway
def test_projects_are_filtered_by_technology_exactly(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    one, two = f"{run_id} C#", f"{run_id} café"
    own = [
        create(owner, PROJECT, published=True, tech=tech, featured=featured)
        for tech, featured in (([one], True), (["Other", one, two], False), ([two], True))
    ]

    def found(**params: str) -> list[int]:
        page = read(api, PROJECT.base, **params)
        assert page["total"] == page["count"] == len(page["items"])
        return [own.index(project) for project in page["items"]]

    assert found(technology=one) == [1, 0]
    assert found(technology=two) == found(technology=f" {run_id} cafe\u0301 ") == [2, 1]
    assert found(technology=one, featured="true") == [0]
    for wrong in (one.lower(), one[:-1], f"{one}#", run_id):
        assert found(technology=wrong) == []
    owner.put(path_of(PROJECT, own[0]), json={"tech": ["Other"]})
    assert [project["id"] for project in read(api, PROJECT.base, technology=one)["items"]] == [
        own[1]["id"]
    ]


def test_a_project_of_50_technologies_is_found_by_each(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    before = [f"{run_id} {number}" for number in range(50)]
    after = [f"{run_id} {number} after" for number in range(50)]
    project = create(owner, PROJECT, published=True, tech=before, featured=True)
    changed = owner.put(path_of(PROJECT, project), json={"tech": after, "featured": False})
    assert changed.status_code == 200
    for technology in (after[0], after[49]):
        page = read(api, PROJECT.base, technology=technology)
        assert (page["items"], page["total"]) == ([changed.json()], 1)
    for technology in (before[0], before[49]):
        page = read(api, PROJECT.base, technology=technology)
        assert (page["items"], page["total"]) == ([], 0)


@pytest.mark.gateway
def test_certifications_are_filtered_by_issuer_exactly(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    own = [
        create(owner, CERTIFICATION, published=True, issuer=issuer, type=name)
        for issuer, name in (
            (run_id, "course"),
            (f"{run_id}.", "course"),
            (run_id, "certification"),
        )
    ]

    def found(**params: str) -> list[int]:
        page = read(api, CERTIFICATION.base, **params)
        assert page["total"] == page["count"]
        return [own.index(certification) for certification in page["items"]]

    assert found(issuer=run_id) == found(issuer=f" {run_id}\t") == [2, 0]
    assert found(issuer=run_id, type="course") == [0]
    assert found(issuer=run_id, type="course", featured="true") == []


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
    assert found(type="Course") == found(type="foo") == []


# Order


def test_published_items_of_one_date_are_newest_first_whenever_they_were_edited(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    own = [create(owner, kind, published=True) for _ in range(3)]
    changes = {name: kind.changes[name] for name in kind.changes.keys() - kind.order_keys}
    owner.put(path_of(kind, own[0]), json=changes)
    assert list_own(api, kind, own) == [2, 1, 0]


def test_published_posts_are_in_the_order_of_their_first_publication_newest_first(
    api: httpx.Client, owner: httpx.Client
) -> None:
    own = [create(owner, POST) for _ in range(3)]
    for place in (1, 2, 0):
        publish(owner, POST, own[place])
    owner.post(f"{path_of(POST, own[1])}/unpublish")
    publish(owner, POST, own[1])
    assert list_own(api, POST, own) == [0, 2, 1]


@pytest.mark.parametrize("kind", [PROJECT, CERTIFICATION], ids=lambda kind: kind.content_type)
def test_other_published_items_are_in_the_order_of_creation_newest_first(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    own = [create(owner, kind) for _ in range(3)]
    for place in (1, 2, 0):
        publish(owner, kind, own[place])
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


# Categories, and slugs


@pytest.mark.gateway
def test_categories_are_those_of_published_posts_sorted_and_counted(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    names = [f"{run_id} {name}" for name in ("b", "a", "B", "é")]
    for name in (*names, names[0]):
        create(owner, POST, published=True, category=name)
    draft = create(owner, POST, category=f"{run_id} draft")

    def own() -> dict[str, int]:
        categories: list[str] = read(api, "/blogs/categories")["categories"]
        listed: list[dict[str, Any]] = api.get("/blogs/categories/list").json()
        assert all(each.keys() == {"name", "count"} for each in listed)
        assert categories == [each["name"] for each in listed] == sorted(categories)
        return {
            each["name"]: each["count"] for each in listed if each["name"].startswith(run_id + " ")
        }

    assert own().items() >= {names[0]: 2, names[1]: 1, names[2]: 1, names[3]: 1}.items()
    assert draft["category"] not in own()
    publish(owner, POST, draft)
    assert own()[draft["category"]] == 1
    owner.put(path_of(POST, draft), json={"category": names[0]})
    assert draft["category"] not in own()
    assert own()[names[0]] == 3
    owner.delete(path_of(POST, draft))
    assert own()[names[0]] == 2


@pytest.mark.gateway
def test_a_post_is_read_by_its_slug_as_by_its_id(
    api: httpx.Client, user: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    post = create(owner, POST, title=f"Slugs {run_id}")
    path = f"/blogs/slug/{post['slug']}"
    for client in (api, user):
        assert_refused(client.get(path), 404)
    assert read(owner, path) == post
    post = publish(owner, POST, post)
    for client in (api, user, owner):
        assert read(client, path) == post
    owner.put(path_of(POST, post), json={"title": "Another title"})
    assert read(api, path)["title"] == "Another title"
    owner.delete(path_of(POST, post))
    for client in (api, owner):
        assert_refused(client.get(path), 404)


@pytest.mark.parametrize(
    "slug", ["unknown-slug", "%C3%A9", "Unknown", "x" * 3_000, "%00", "%23", "a%20b"]
)
def test_an_unknown_slug_is_404(api: httpx.Client, owner: httpx.Client, slug: str) -> None:
    for client in (api, owner):
        assert_refused(client.get(f"/blogs/slug/{slug}"), 404)
