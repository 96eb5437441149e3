"""The contract's section on content: its operations, and the fields the server adds."""

import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.contract.calls import NOBODYS_ID, assert_refused, create, path_of, publish, read
from tests.contract.content_kinds import POST, Kind

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

# Creating


@pytest.mark.gateway
def test_create_answers_201_with_a_draft_of_the_fields_sent(
    owner: httpx.Client, kind: Kind
) -> None:
    answer = owner.post(kind.base, json=kind.body())
    assert answer.status_code == 201
    item = answer.json()
    assert item["status"] == "DRAFT"
    assert {key: item[key] for key in kind.fields} == kind.body()
    assert item.keys() == {*kind.fields, *kind.server_keys}


def test_an_item_has_every_field_where_most_are_unset(owner: httpx.Client, kind: Kind) -> None:
    item = owner.post(kind.base, json=kind.least_body()).json()
    assert item.keys() == {*kind.fields, *kind.server_keys}
    assert {key: item[key] for key in kind.fields} == {**kind.least_body(), **kind.unset(item)}
    assert read(owner, path_of(kind, item)) == item


@pytest.mark.gateway
def test_answers_are_json_in_utf_8(api: httpx.Client, owner: httpx.Client, kind: Kind) -> None:
    item = create(owner, kind, published=True)
    answer = api.get(path_of(kind, item))
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content.decode("utf-8")) == item
    assert "naïve, 世界, 😀".encode() in answer.content


def test_each_item_has_its_own_id_and_the_times_of_now_in_utc(
    owner: httpx.Client, kind: Kind
) -> None:
    one, other = (create(owner, kind) for _ in range(2))
    assert one["id"] != other["id"]
    assert one["createdAt"] == one["updatedAt"]
    assert TIME.fullmatch(one["createdAt"])
    age = datetime.now(UTC) - datetime.fromisoformat(one["createdAt"])
    assert abs(age.total_seconds()) < 60


# Reading one


def test_a_draft_is_404_to_everyone_but_the_owner(
    api: httpx.Client, owner: httpx.Client, user: httpx.Client, kind: Kind
) -> None:
    draft = create(owner, kind)
    assert read(owner, path_of(kind, draft)) == draft
    for client in (api, user):
        hidden, unknown = (client.get(f"{kind.base}/{each}") for each in (draft["id"], NOBODYS_ID))
        assert_refused(hidden, 404)
        assert hidden.json() == unknown.json()


# Publishing and unpublishing


@pytest.mark.gateway
def test_publishing_shows_the_item_to_everyone(
    api: httpx.Client, owner: httpx.Client, user: httpx.Client, kind: Kind
) -> None:
    draft = create(owner, kind)
    answer = owner.post(f"{path_of(kind, draft)}/publish")
    assert answer.status_code == 200
    assert answer.json()["status"] == "PUBLISHED"
    for client in (api, user, owner):
        assert read(client, path_of(kind, draft)) == answer.json()


@pytest.mark.gateway
def test_unpublishing_hides_it_again(api: httpx.Client, owner: httpx.Client, kind: Kind) -> None:
    item = create(owner, kind, published=True)
    answer = owner.post(f"{path_of(kind, item)}/unpublish")
    assert (answer.status_code, answer.json()["status"]) == (200, "DRAFT")
    assert_refused(api.get(path_of(kind, item)), 404)
    assert read(owner, path_of(kind, item)) == answer.json()


def test_doing_it_twice_is_not_an_error(owner: httpx.Client, kind: Kind) -> None:
    path = path_of(kind, create(owner, kind))
    for operation in ("publish", "unpublish"):
        first, second = (owner.post(f"{path}/{operation}") for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json() == second.json()


def test_published_at_is_the_time_of_the_first_publication_and_null_before(
    owner: httpx.Client, kind: Kind
) -> None:
    item = create(owner, kind)
    assert item["publishedAt"] is None
    published = publish(owner, kind, item)
    assert TIME.fullmatch(published["publishedAt"])
    assert published["publishedAt"] == published["updatedAt"]
    hidden = owner.post(f"{path_of(kind, item)}/unpublish").json()
    assert hidden["publishedAt"] == published["publishedAt"]
    assert publish(owner, kind, item)["publishedAt"] == published["publishedAt"]


# Updating


def test_an_update_changes_the_keys_sent_and_no_other(owner: httpx.Client, kind: Kind) -> None:
    expected = create(owner, kind)
    for key, value in kind.changes.items():
        answer = owner.put(path_of(kind, expected), json={key: value})
        assert answer.status_code == 200
        expected = {**answer.json(), **_unchanged(expected), key: value}
        assert answer.json() == expected
    assert read(owner, path_of(kind, expected)) == expected


def _unchanged(item: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that an update must keep; some server keys follow other fields."""
    follows = {"updatedAt", "readTime"}
    return {key: value for key, value in item.items() if key not in follows}


@pytest.mark.gateway
def test_an_update_of_a_published_item_is_there_for_everyone_at_once(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item = create(owner, kind, published=True)
    updated = owner.put(path_of(kind, item), json=kind.changes).json()
    assert {key: updated[key] for key in kind.changes} == kind.changes
    assert updated["status"] == "PUBLISHED"
    assert read(api, path_of(kind, item)) == updated


@pytest.mark.gateway
@pytest.mark.parametrize("body", [b"{}", b""], ids=["no-keys", "no-body"])
def test_an_empty_body_is_allowed_and_changes_nothing(
    owner: httpx.Client, kind: Kind, body: bytes
) -> None:
    item = create(owner, kind)
    headers = {"Content-Type": "application/json"} if body else {}
    answer = owner.put(path_of(kind, item), content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (200, item)


# Deleting, and what does not exist


@pytest.mark.gateway
def test_deleting_answers_204_without_a_body_and_then_there_is_nothing(
    api: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item = create(owner, kind, published=True)
    answer = owner.delete(path_of(kind, item))
    assert (answer.status_code, answer.content) == (204, b"")
    for client in (api, owner):
        assert_refused(client.get(path_of(kind, item)), 404)
    assert_refused(owner.delete(path_of(kind, item)), 404)


@pytest.mark.parametrize(
    ("method", "operation"),
    [("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/publish"), ("POST", "/unpublish")],
    ids=["get", "update", "delete", "publish", "unpublish"],
)
@pytest.mark.parametrize(
    "item_id", [NOBODYS_ID, "x" * 300, "%23", "%00"], ids=["unknown", "long", "hash", "nul"]
)
def test_an_id_that_does_not_or_cannot_exist_is_404(
    owner: httpx.Client, kind: Kind, method: str, operation: str, item_id: str
) -> None:
    assert_refused(owner.request(method, f"{kind.base}/{item_id}{operation}"), 404)


# Categories


@pytest.mark.gateway
def test_categories_are_the_distinct_ones_of_published_posts_sorted(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    names = [f"{run_id} {letter}" for letter in "BAC"]
    for category in (*names[:2], names[0]):
        create(owner, POST, published=True, category=category)
    create(owner, POST, category=names[2])
    categories = read(api, "/blogs/categories")["categories"]
    assert [name for name in categories if name in names] == [names[1], names[0]]
    assert categories == sorted(set(categories))


def test_a_category_without_a_published_post_is_gone(
    api: httpx.Client, owner: httpx.Client, run_id: str
) -> None:
    first, second, third = (f"{run_id} short-lived {letter}" for letter in "abc")
    moved, hidden, deleted = (
        create(owner, POST, published=True, category=name) for name in (first, second, third)
    )
    owner.put(path_of(POST, moved), json={"category": f"{run_id} moved"})
    owner.post(f"{path_of(POST, hidden)}/unpublish")
    owner.delete(path_of(POST, deleted))
    categories = read(api, "/blogs/categories")["categories"]
    assert not {first, second, third} & set(categories)
    assert f"{run_id} moved" in categories


# Fields the server adds to posts


def test_the_slug_is_made_from_the_title_on_creation_and_kept(
    owner: httpx.Client, run_id: str
) -> None:
    post = create(owner, POST, title=f"What's New: {run_id}?")
    assert post["slug"] == f"whats-new-{run_id}"
    edited = owner.put(path_of(POST, post), json={"title": "Another title"}).json()
    assert (edited["title"], edited["slug"]) == ("Another title", post["slug"])


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Straße nach Łódź: naïve café", "strasse-nach-lodz-naive-cafe"),
        ("Привет мир", "privet-mir"),
        ("日本", "riben"),
        ("AWS—Lambda → v2.0... 🎉 rocks", "aws-lambda-v2-0-rocks"),
        ("It's O\u2019Reilly's “own” words", "its-oreillys-own-words"),
        ("snake_case/and more", "snake-case-and-more"),
    ],
)
def test_a_slug_is_in_ascii_and_all_but_letters_and_digits_separates_words(
    owner: httpx.Client, title: str, slug: str
) -> None:
    own = uuid.uuid4().hex
    assert create(owner, POST, title=f"{title} {own}")["slug"] == f"{slug}-{own}"


def test_a_slug_is_never_empty(owner: httpx.Client) -> None:
    for title in ("🎉", "→ …", "\u200b"):
        post = create(owner, POST, title=title)
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", post["slug"])


def test_a_second_post_of_the_same_title_gets_a_suffix(owner: httpx.Client) -> None:
    title = f"Same {uuid.uuid4().hex}"
    first, second, third = (create(owner, POST, title=title)["slug"] for _ in range(3))
    assert len({first, second, third}) == 3
    assert all(slug.startswith(f"{first}-") for slug in (second, third))


def test_a_deleted_posts_slug_is_free(owner: httpx.Client) -> None:
    title = f"Deleted {uuid.uuid4().hex}"
    post = create(owner, POST, title=title)
    owner.delete(path_of(POST, post))
    assert create(owner, POST, title=title)["slug"] == post["slug"]


def test_the_read_time_is_200_words_a_minute_rounded_up_and_follows_the_content(
    owner: httpx.Client,
) -> None:
    post = create(owner, POST, content=" ".join(["word"] * 201))
    assert post["readTime"] == "2 min read"
    for words, minutes in ((1, 1), (200, 1), (400, 2), (401, 3), (2_000, 10)):
        content = "\n".join(["word"] * words)
        edited = owner.put(path_of(POST, post), json={"content": content}).json()
        assert edited["readTime"] == f"{minutes} min read"


def test_the_read_time_has_500_characters_a_minute_of_scripts_without_blanks(
    owner: httpx.Client,
) -> None:
    texts = {"字" * 500: 1, "字" * 501: 2, "ไ" * 1_001: 3, "word " * 100 + "字" * 251: 2}
    for content, minutes in texts.items():
        assert create(owner, POST, content=content)["readTime"] == f"{minutes} min read"
