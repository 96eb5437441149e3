"""The contract on query parameters, for every operation that the schema describes."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.paths import OPENAPI
from tests.contract.calls import assert_refused, create
from tests.contract.content_kinds import POST

NO_NUMBERS = [
    "+5",
    "5.0",
    "1_0",
    "\u0665",
    " ",
    " 5",
    "5 ",
    "-1",
    "5e0",
    "0x5",
    "null",
    "swordfish",
]
NO_SWITCHES = ["yes", "no", "on", "off", "t", "f", "2", " ", " true", "null", "swordfish"]

type Json = dict[str, Any]


def described_parameters() -> Iterator[tuple[str, Json]]:
    """Yield every query parameter with the path of its operation."""
    paths: dict[str, dict[str, Json]] = json.loads(OPENAPI.read_text())["paths"]
    for path, operations in paths.items():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    yield path, parameter


PARAMETERS = {f"{path} {each['name']}": (path, each) for path, each in described_parameters()}


def of_type(name: str) -> list[str]:
    return [key for key, (_, each) in PARAMETERS.items() if each["schema"].get("type") == name]


@pytest.fixture(scope="module")
def ids(owner: httpx.Client) -> dict[str, str]:
    """Values of the parameters of paths."""
    post_id: str = create(owner, POST)["id"]
    return {"id": post_id, "contentId": post_id, "type": "blog", "contentType": "blog"}


def test_some_parameters_have_each_form() -> None:
    assert len(of_type("integer")) >= 6
    assert len(of_type("boolean")) >= 2
    assert not any("anyOf" in each["schema"] for _, each in PARAMETERS.values())


@pytest.mark.parametrize("key", PARAMETERS)
def test_an_empty_parameter_counts_as_absent(
    owner: httpx.Client, ids: dict[str, str], key: str
) -> None:
    path, parameter = PARAMETERS[key]
    path, name = path.format(**ids), parameter["name"]
    expected = owner.get(path)
    assert expected.status_code == 200
    for query in (f"{name}=", name, f"&&{name}=&{name}"):
        answer = owner.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()) == (200, expected.json())


@pytest.mark.parametrize("key", of_type("integer"))
def test_a_number_has_plain_digits(owner: httpx.Client, ids: dict[str, str], key: str) -> None:
    path, parameter = PARAMETERS[key]
    path, name = path.format(**ids), parameter["name"]
    for value in NO_NUMBERS:
        answer = owner.get(path, params={name: value})
        assert_refused(answer, 400, name)
        assert "swordfish" not in answer.text
    for value in ("5", "05"):
        assert owner.get(path, params={name: value}).status_code == 200


@pytest.mark.parametrize("key", of_type("integer"))
def test_a_number_keeps_its_bounds(owner: httpx.Client, ids: dict[str, str], key: str) -> None:
    path, parameter = PARAMETERS[key]
    path, name, schema = path.format(**ids), parameter["name"], parameter["schema"]
    least, most = schema["minimum"], schema.get("maximum", 10**30)
    for value in (least, most):
        assert owner.get(path, params={name: value}).status_code == 200
    for value in (least - 1, *([most + 1] if "maximum" in schema else [])):
        assert_refused(owner.get(path, params={name: value}), 400, name)


@pytest.mark.parametrize("key", of_type("boolean"))
def test_a_boolean_is_true_false_1_or_0_in_any_case(
    owner: httpx.Client, ids: dict[str, str], key: str
) -> None:
    path, parameter = PARAMETERS[key]
    path, name = path.format(**ids), parameter["name"]
    for value in NO_SWITCHES:
        assert_refused(owner.get(path, params={name: value}), 400, name)
    for values in (("true", "TRUE", "tRuE", "1"), ("false", "FALSE", "False", "0")):
        answers = [owner.get(path, params={name: value}) for value in values]
        assert {answer.status_code for answer in answers} == {200}
        assert all(answer.content == answers[0].content for answer in answers)
