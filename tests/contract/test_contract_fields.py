"""The contract's section on content: the fields a client sends."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.calls import NOBODYS_ID, assert_refused, create, path_of, read
from tests.contract.content_kinds import CERTIFICATION, KINDS, POST, PROJECT, Kind, rounds

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def items(owner: httpx.Client) -> Iterator[dict[str, dict[str, Any]]]:
    """Drafts of all kinds; refused updates must not change them."""
    drafts = {kind.content_type: create(owner, kind) for kind in KINDS}
    yield drafts
    for kind in KINDS:
        draft = drafts[kind.content_type]
        assert read(owner, path_of(kind, draft)) == draft


@pytest.fixture
def item(items: dict[str, dict[str, Any]], kind: Kind) -> dict[str, Any]:
    return items[kind.content_type]


def assert_refused_everywhere(
    owner: httpx.Client, kind: Kind, item: dict[str, Any], wrong: dict[str, Any]
) -> None:
    """Check that creation and update refuse each of these fields, and do not repeat its value."""
    created = owner.post(kind.base, json=kind.body(**wrong))
    updated = owner.put(path_of(kind, item), json=wrong)
    for answer in (created, updated):
        assert_refused(answer, 400, *wrong)
        assert "swordfish" not in answer.text


# Bounds


@pytest.mark.gateway
def test_values_at_their_bounds_are_taken(owner: httpx.Client, kind: Kind) -> None:
    for bounds in rounds(kind.bounds):
        largest = {field: bound.largest for field, bound in bounds.items()}
        item = create(owner, kind, **largest)
        assert {field: item[field] for field in largest} == largest
        assert read(owner, path_of(kind, item)) == item


def test_values_one_over_their_bounds_are_400(
    owner: httpx.Client, kind: Kind, item: dict[str, Any]
) -> None:
    for bounds in rounds(kind.bounds):
        too_large = {field: bound.too_large for field, bound in bounds.items()}
        assert_refused_everywhere(owner, kind, item, too_large)


# Required and optional


def test_only_the_required_fields_must_be_sent(owner: httpx.Client, kind: Kind) -> None:
    assert_refused(owner.post(kind.base, json={}), 400, *kind.required)
    for field in kind.required:
        body = kind.body()
        del body[field]
        assert_refused(owner.post(kind.base, json=body), 400, field)
    nothing: dict[str, Any] = dict.fromkeys(kind.optional)
    item = create(owner, kind, **nothing)
    answer = owner.post(kind.base, json=kind.least_body())
    assert answer.status_code == 201
    assert optional_of(kind, answer.json()) == optional_of(kind, item)


def test_a_required_field_that_is_null_empty_or_blank_is_400(
    owner: httpx.Client, kind: Kind, item: dict[str, Any]
) -> None:
    for wrong in rounds({name: values.unset for name, values in kind.required.items()}):
        assert_refused_everywhere(owner, kind, item, wrong)


def test_an_optional_field_that_is_null_or_empty_has_its_default(
    owner: httpx.Client, kind: Kind
) -> None:
    for sent in rounds({name: values.unset for name, values in kind.optional.items()}):
        created = create(owner, kind, **sent)
        assert {name: created[name] for name in sent} == {
            name: value for name, value in kind.unset(created).items() if name in sent
        }
        path = path_of(kind, create(owner, kind, **kind.changes))
        updated = owner.put(path, json=sent)
        assert updated.status_code == 200
        assert optional_of(kind, updated.json()) == {
            **{name: kind.changes[name] for name in kind.optional},
            **{name: value for name, value in kind.unset(updated.json()).items() if name in sent},
        }


def optional_of(kind: Kind, item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in kind.optional}


def test_an_excerpt_is_by_default_the_title_and_does_not_follow_a_later_one(
    owner: httpx.Client,
) -> None:
    post = create(owner, POST, title="First", excerpt=None)
    assert post["excerpt"] == "First"
    later = owner.put(path_of(POST, post), json={"title": "Second"}).json()
    assert (later["title"], later["excerpt"]) == ("Second", "First")
    both = owner.put(path_of(POST, post), json={"title": "Third", "excerpt": ""}).json()
    assert (both["title"], both["excerpt"]) == ("Third", "Third")


@pytest.mark.parametrize("body", [{"name": "x"}, {"name": "x", "issuer": "y", "dateEarned": ""}])
def test_a_certification_is_by_default_earned_today(
    owner: httpx.Client, body: dict[str, str]
) -> None:
    answer = owner.post(CERTIFICATION.base, json={"issuer": "z", **body})
    assert answer.json()["dateEarned"] == answer.json()["createdAt"][:10]


# Texts and lists


@pytest.mark.parametrize("sent", [" Cafe\u0301", "\u00a0Café\n", "\u3000Café\u2003"], ids=ascii)
def test_texts_are_composed_and_trimmed(owner: httpx.Client, sent: str) -> None:
    post = create(owner, POST, title=sent, content=f" {sent} ", category=sent, tags=[sent])
    assert (post["title"], post["category"], post["tags"]) == ("Café", "Café", ["Café"])
    assert post["content"] == f" {sent} ".replace("e\u0301", "é")
    project = create(owner, PROJECT, longDescription=f" {sent} ", liveUrl=" https://example.com ")
    assert project["longDescription"] == post["content"]
    assert project["liveUrl"] == "https://example.com"


def test_blanks_alone_are_a_long_description(owner: httpx.Client) -> None:
    assert create(owner, PROJECT, longDescription=" \n")["longDescription"] == " \n"


LISTS = [pytest.param(POST, "tags", 20, id="tags"), pytest.param(PROJECT, "tech", 50, id="tech")]


@pytest.mark.parametrize(("kind", "field", "limit"), LISTS)
def test_repeats_and_empty_texts_in_a_list_are_dropped_and_do_not_count(
    owner: httpx.Client, kind: Kind, field: str, limit: int
) -> None:
    texts = [f"text {number}" for number in range(limit)]
    sent = ["", *texts, " text 1", texts[0], "\u00a0"]
    fields: dict[str, Any] = {field: sent}
    item = create(owner, kind, **fields)
    assert item[field] == texts
    updated = owner.put(path_of(kind, item), json={field: ["Café", "Cafe\u0301", "", "b", "Café "]})
    assert updated.json()[field] == ["Café", "b"]


@pytest.mark.parametrize(("kind", "field", "limit"), LISTS)
def test_a_wrong_text_of_a_list_is_named_by_its_place_in_the_list_sent(
    owner: httpx.Client, kind: Kind, field: str, limit: int
) -> None:
    wrong = ["a", "a", "", "swordfish" * 6, "b", 7]
    answer = owner.post(kind.base, json=kind.body(**{field: wrong}))
    assert_refused(answer, 400, field)
    assert answer.json()["details"].keys() == {f"{field}.3", f"{field}.5"}
    too_many = [f"text {number}" for number in range(limit + 1)]
    answer = owner.post(kind.base, json=kind.body(**{field: [*too_many, "a", 7]}))
    assert answer.json()["details"].keys() == {field}


# Wrong values and types


def test_wrong_values_are_400(owner: httpx.Client, kind: Kind, item: dict[str, Any]) -> None:
    for wrong in rounds({name: values.wrong for name, values in kind.fields.items()}):
        assert_refused_everywhere(owner, kind, item, wrong)


def test_the_reason_of_a_wrong_choice_names_the_choices(owner: httpx.Client) -> None:
    answer = owner.post("/certifications", json=CERTIFICATION.body(type="swordfish"))
    assert_refused(answer, 400, "type")
    assert answer.json()["message"] == "type: must be 'certification' or 'course'"


# Keys


def test_keys_that_mean_nothing_are_ignored(
    owner: httpx.Client, kind: Kind, item: dict[str, Any]
) -> None:
    sent: dict[str, Any] = {
        **dict.fromkeys(("unknown", "Title", "created_at", "views"), "swordfish"),
        "id": NOBODYS_ID,
        "slug": "swordfish",
        "status": "PUBLISHED",
        "readTime": "swordfish",
        "publishedAt": "1999-12-31T00:00:00Z",
        "createdAt": {"swordfish": None},
        "updatedAt": 7,
    }
    created = owner.post(kind.base, json=kind.body(**sent))
    assert created.status_code == 201
    assert [key for key in sent if created.json().get(key) == sent[key]] == []
    updated = owner.put(path_of(kind, item), json=sent)
    assert (updated.status_code, updated.json()) == (200, item)


def test_an_item_may_be_sent_back_as_it_was_read(owner: httpx.Client, kind: Kind) -> None:
    least = owner.post(kind.base, json=kind.least_body()).json()
    for item in (create(owner, kind, published=True), create(owner, kind, **kind.changes), least):
        answer = owner.put(path_of(kind, item), json=item)
        assert answer.status_code == 200
        assert {**answer.json(), "updatedAt": ""} == {**item, "updatedAt": ""}


# JSON


@pytest.mark.parametrize("body", ["{", "[]", "null", '""', '"swordfish"'])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_body_that_is_not_a_json_object_is_400(
    owner: httpx.Client, kind: Kind, item: dict[str, Any], method: str, body: str
) -> None:
    path = kind.base if method == "POST" else path_of(kind, item)
    answer = owner.request(method, path, content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (400, "Bad Request")
    assert "swordfish" not in answer.text


@pytest.mark.parametrize(
    "value",
    ["NaN", "-Infinity", "1e999", '"\\ud800"'],
    ids=["nan", "infinity", "out-of-range", "surrogate"],
)
def test_nan_and_lone_surrogates_are_400(
    owner: httpx.Client, kind: Kind, item: dict[str, Any], value: str
) -> None:
    field = next(iter(kind.required))
    created = json.dumps(kind.body()).replace(json.dumps(kind.body()[field]), value)
    assert value in created
    for method, path, body in (
        ("POST", kind.base, created),
        ("PUT", path_of(kind, item), f'{{"{field}": {value}}}'),
    ):
        answer = owner.request(method, path, content=body, headers=JSON)
        assert (answer.status_code, answer.json()["error"]) == (400, "Bad Request")


def test_a_whole_surrogate_pair_is_a_character(owner: httpx.Client, kind: Kind) -> None:
    field = next(iter(kind.required))
    body = json.dumps(kind.body(**{field: "😀"}))
    assert "\\ud83d\\ude00" in body
    answer = owner.post(kind.base, content=body, headers=JSON)
    assert (answer.status_code, answer.json()[field]) == (201, "😀")
