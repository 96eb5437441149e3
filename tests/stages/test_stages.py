"""How the stages differ: nothing by accident, and nothing that was meant to and does not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.settings import StageSettings
from infra.settings.files import stack_of, stages
from portfolio.stages.declared_differences import DECLARED, Declared
from portfolio.stages.differences_table import show_differences
from portfolio.stages.found_differences import (
    STAGES,
    Difference,
    compare_resources,
    compare_settings,
    list_all_resources,
    load_all_settings,
)
from portfolio.stages.matching import Explanation, explain_differences
from portfolio.stages.registered_resources import Resource, list_resources
from portfolio.terminal import Terminal
from tests.commands import run_command

type Resources = Mapping[str, Mapping[str, Resource]]


@pytest.fixture(scope="module")
def settings() -> dict[str, StageSettings]:
    return load_all_settings()


@pytest.fixture(scope="module")
def resources(settings: dict[str, StageSettings]) -> Resources:
    return list_all_resources(settings)


def changed(
    settings: dict[str, StageSettings], resources: Resources, stage: str, **changes: Any
) -> Explanation:
    """The differences if a stage had other settings."""
    changed = settings[stage].model_copy(update=changes)
    return explain_differences(
        settings | {stage: changed},
        {**resources, stage: list_resources(stack_of(stage), changed)},
    )


def test_no_stage_is_left_out() -> None:
    assert sorted(STAGES) == stages()


def test_every_difference_is_declared_and_every_declared_one_is_there(
    settings: dict[str, StageSettings], resources: Resources
) -> None:
    explanation = explain_differences(settings, resources)
    assert explanation.undeclared == []
    assert explanation.outdated == []
    assert [each.reason for each in explanation.explained] == [each.reason for each in DECLARED]


def test_an_undeclared_difference_is_found_in_settings_and_resources(
    settings: dict[str, StageSettings], resources: Resources
) -> None:
    explanation = changed(settings, resources, "prod", memory=1769)
    values = dict.fromkeys(STAGES, 512) | {"prod": 1769}
    assert {each.subject: each.values for each in explanation.undeclared} == {
        "memory": values,
        "lambda.Function function: memorySize": values,
    }


def test_a_declared_difference_that_is_gone_is_found(
    settings: dict[str, StageSettings], resources: Resources
) -> None:
    assert set(changed(settings, resources, "prod", protect=False).outdated) == {
        "protect",
        *next(each.effects for each in DECLARED if each.settings == ("protect",)),
    }


@pytest.mark.parametrize("declared", DECLARED, ids=[each.settings[0] for each in DECLARED])
def test_settings_alone_do_what_is_declared_of_them(
    settings: dict[str, StageSettings], resources: Resources, declared: Declared
) -> None:
    fields = [
        name
        for name, field in StageSettings.model_fields.items()
        if field.alias in declared.settings
    ]
    values = {tuple(getattr(each, field) for field in fields) for each in settings.values()}
    done: set[str] = set()
    for others in values - {tuple(getattr(settings["dev"], field) for field in fields)}:
        other = settings["dev"].model_copy(update=dict(zip(fields, others, strict=True)))
        only_these = {"dev": resources["dev"], "changed": list_resources("dev", other)}
        done |= {each.subject for each in compare_resources(only_these)}
    (explained,) = explain_differences(settings, resources, [declared]).explained
    assert done == {each.subject for found in explained.effects.values() for each in found}


def test_a_component_that_a_stage_lacks_is_told_without_its_children() -> None:
    domain = Resource("components.Domain domain", None, {})
    name = Resource("apigatewayv2.DomainName domain", domain.label, {"name": "a.dev"})
    lone = Resource("sns.Topic alarms", None, {"name": "x"})
    table = Resource("dynamodb.Table table", None, {"name": "t"})
    everything = {each.label: each for each in (domain, name, lone, table)}
    by_stage = {"dev": {table.label: table}, "prod": everything}
    assert compare_resources(by_stage) == [
        Difference("components.Domain domain", {"dev": False, "prod": True}),
        Difference("sns.Topic alarms", {"dev": False, "prod": True}),
    ]


def test_a_property_is_compared_among_the_stages_that_have_the_resource() -> None:
    label = "sns.Topic alarms"
    by_stage = {
        "local": {},
        "dev": {label: Resource(label, None, {"name": "x", "a": 1})},
        "prod": {label: Resource(label, None, {"name": "x"})},
    }
    assert compare_resources(by_stage)[1:] == [
        Difference("sns.Topic alarms: a", {"dev": 1, "prod": None})
    ]


def test_documents_and_secrets_are_compared_by_what_is_in_them(resources: Resources) -> None:
    properties = resources["prod"]["lambda.Function function"].properties
    assert properties["environment"]["variables"]["LOG_LEVEL"] == "INFO"
    assert properties["environment"]["variables"]["ENVIRONMENT"] == "<environment>"
    policy = resources["prod"]["iam.RolePolicy function"].properties
    assert policy["policy"]["Statement"][0]["Effect"] == "Allow"
    assert policy["name"] == "<name>"


def test_objects_in_lists_are_compared_where_there_are_as_many() -> None:
    label = "iam.RolePolicy function"

    def policy(*statements: dict[str, str]) -> dict[str, Resource]:
        return {label: Resource(label, None, {"policy": {"Statement": list(statements)}})}

    one, other = {"Sid": "Table", "Action": "a"}, {"Sid": "Table", "Action": "b"}
    assert compare_resources({"dev": policy(one, one), "prod": policy(one, other)}) == [
        Difference(f"{label}: policy.Statement[1].Action", {"dev": "a", "prod": "b"})
    ]
    assert compare_resources({"dev": policy(one), "prod": policy(one, other)}) == [
        Difference(f"{label}: policy.Statement", {"dev": [one], "prod": [one, other]})
    ]


def test_the_order_is_always_the_same(resources: Resources) -> None:
    subjects = [each.subject for each in compare_resources(resources)]
    backwards = {stage: dict(reversed(list(each.items()))) for stage, each in resources.items()}
    assert subjects == [each.subject for each in compare_resources(backwards)]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_table_fits_the_terminal_and_tells_what_why_and_with_what_effect(
    settings: dict[str, StageSettings],
    resources: Resources,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    show_differences(explain_differences(settings, resources), Terminal())
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    start = next(index for index, line in enumerate(lines) if line.startswith(" protect"))
    protect = " ".join(" ".join(lines[start:]).split())
    assert protect.startswith(
        "protect local, preview, dev false prod true "
        "why Production's data must survive mistakes. The other stages can be deleted completely. "
        "sets cloudwatch.LogGroup *: options.protect sets cloudwatch.LogGroup *: "
        "options.retainOnDelete sets cognito.UserPool identity: deletionProtection "
        "(local, preview, dev INACTIVE; prod ACTIVE)"
    )


def test_what_is_not_as_declared_stands_below_the_table(
    settings: dict[str, StageSettings],
    resources: Resources,
    capsys: pytest.CaptureFixture[str],
) -> None:
    explanation = changed(settings, resources, "prod", memory=1769, log_level="DEBUG")
    other = [Declared(("timeout",), "Some are slower.", ("sns.Topic beside",))]
    show_differences(explanation, Terminal())
    show_differences(explain_differences(settings, resources, other), Terminal())
    told = capsys.readouterr().err
    assert "! memory differs but is not declared." in told
    assert "! timeout is declared but does not differ." in told
    assert "! sns.Topic beside is declared but does not differ." in told


def test_machines_get_json_with_every_value(settings: dict[str, StageSettings]) -> None:
    done = run_command("stages", "--json")
    assert (done.code, done.err) == (0, "")
    told = json.loads(done.out)
    assert (told["stages"], told["undeclared"], told["outdated"]) == (list(STAGES), [], [])
    by_key = {each["subject"]: entry for entry in told["differences"] for each in entry["settings"]}
    assert sorted(by_key) == sorted(each.subject for each in compare_settings(settings))
    values = {"local": 14, "preview": 3, "dev": 14, "prod": 90}
    entry = by_key["logRetentionDays"]
    assert [each["values"] for each in entry["settings"] + entry["resources"]] == [values] * 3
