"""The contract's section on content: the fields a client sends."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.calls import assert_refused, create, path_of, read
from tests.contract.content_kinds import CERTIFICATION, KINDS, PROJECT, Kind, rounds

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


def test_every_missing_required_field_is_reported(owner: httpx.Client, kind: Kind) -> None:
    assert_refused(owner.post(kind.base, json={}), 400, *kind.required)
    for field in kind.required:
        body = kind.body()
        del body[field]
        assert_refused(owner.post(kind.base, json=body), 400, field)


@pytest.mark.parametrize("kind", [PROJECT, CERTIFICATION], ids=lambda kind: kind.content_type)
def test_optional_fields_may_be_absent_null_or_a_value(owner: httpx.Client, kind: Kind) -> None:
    nothing: dict[str, Any] = dict.fromkeys(kind.optional)
    values = {field: kind.changes[field] for field in kind.optional}

    def optional_of(item: dict[str, Any]) -> dict[str, Any]:
        return {field: item[field] for field in kind.optional}

    assert optional_of(create(owner, kind)) == nothing
    assert optional_of(create(owner, kind, **nothing)) == nothing
    item = create(owner, kind, **values)
    assert optional_of(item) == values
    emptied = owner.put(path_of(kind, item), json=nothing)
    assert (emptied.status_code, optional_of(emptied.json())) == (200, nothing)


# Wrong values and types


def test_wrong_values_are_400(owner: httpx.Client, kind: Kind, item: dict[str, Any]) -> None:
    for wrong in rounds(kind.wrong):
        assert_refused_everywhere(owner, kind, item, wrong)


# Keys


def test_unknown_keys_are_400(owner: httpx.Client, kind: Kind, item: dict[str, Any]) -> None:
    unknown: dict[str, Any] = dict.fromkeys(
        ("unknown", "Title", "created_at", "views"), "swordfish"
    )
    assert_refused_everywhere(owner, kind, item, unknown)


def test_keys_the_server_sets_may_be_sent_and_are_ignored(
    owner: httpx.Client, kind: Kind, item: dict[str, Any]
) -> None:
    sent: dict[str, Any] = {
        "id": item["id"],
        "slug": "swordfish",
        "status": "PUBLISHED",
        "readTime": "swordfish",
        "publishedAt": "1999-12-31",
        "createdAt": "1999-12-31T00:00:00Z",
        "updatedAt": 7,
    }
    created = owner.post(kind.base, json=kind.body(**sent))
    assert created.status_code == 201
    assert [key for key in sent if created.json().get(key) == sent[key]] == []
    updated = owner.put(path_of(kind, item), json=sent)
    assert (updated.status_code, updated.json()) == (200, item)


def test_an_item_may_be_sent_back_as_it_was_read(owner: httpx.Client, kind: Kind) -> None:
    item = create(owner, kind)
    answer = owner.put(path_of(kind, item), json=item)
    assert answer.status_code == 200
    assert {**answer.json(), "updatedAt": ""} == {**item, "updatedAt": ""}


# JSON


@pytest.mark.parametrize("body", ["{", "[]", "null", '"swordfish"'])
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
    created = json.dumps(kind.body()).replace(json.dumps(kind.required[field]), value)
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
