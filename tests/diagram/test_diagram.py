"""The picture of a stage, from the program's resources."""

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from infra.paths import PROJECT, ROOT
from infra.settings import load_stage_settings
from portfolio.diagram.architecture import CLIENT, Architecture, Part, read_architecture
from portfolio.diagram.svg import draw
from portfolio.engine.recording import Registered, register_stage
from tests.commands import run_command
from tests.diagram.picture import check_geometry, count_crossings, read_picture

COMMITTED = ROOT / "docs/architecture.svg"
STACK = f"urn:pulumi:prod::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-prod"
COMPONENT = f"{PROJECT}:components:"


@pytest.fixture(scope="module")
def resources() -> list[Registered]:
    return register_stage("prod", load_stage_settings("prod"))


@pytest.fixture(scope="module")
def prod(resources: list[Registered]) -> Architecture:
    return read_architecture(resources)


def resource(
    type_: str, name: str, parent: str = STACK, needs: Sequence[Registered] = (), **inputs: Any
) -> Registered:
    return Registered(
        type=type_,
        name=name,
        urn=f"urn:pulumi:prod::{PROJECT}::{type_}::{name}",
        parent=parent,
        inputs=inputs,
        protect=False,
        retain_on_delete=False,
        create_timeout="",
        delete_hooks=(),
        dependencies=frozenset(each.urn for each in needs),
        used=frozenset(each.urn for each in needs),
        provider="",
    )


def part(architecture: Architecture, title: str) -> Part:
    return next(each for each in architecture.parts if each.title == title)


def links(architecture: Architecture) -> dict[tuple[str, str], str]:
    titles = {each.key: each.title for each in architecture.parts}
    return {(titles[link.source], titles[link.target]): link.verb for link in architecture.links}


def test_the_committed_picture_is_fresh(prod: Architecture) -> None:
    assert draw(prod).encode() == COMMITTED.read_bytes(), (
        "docs/architecture.svg is stale: run `bin/portfolio diagram --output docs/architecture.svg`"
    )


def test_the_order_of_registration_does_not_matter(
    prod: Architecture, resources: list[Registered]
) -> None:
    assert draw(read_architecture(resources[::-1])) == draw(prod)


def test_boxes_and_arrows_of_prod_keep_clear_of_each_other(prod: Architecture) -> None:
    picture = read_picture(draw(prod))
    check_geometry(picture)
    assert count_crossings(picture) == 0


def test_the_picture_fits_the_column_of_a_readme(prod: Architecture) -> None:
    assert read_picture(draw(prod)).size.width <= 850


def test_every_component_and_resource_is_in_the_picture(
    prod: Architecture, resources: list[Registered]
) -> None:
    kinds = [kind for each in prod.parts for _, kinds in each.services for kind in kinds]
    drawn = sum(int(kind.partition(" \N{MULTIPLICATION SIGN} ")[2] or 1) for kind in kinds)
    shown = [each for each in resources if not each.type.startswith("pulumi:providers:")]
    components = {each.urn for each in shown if each.type.startswith(COMPONENT)}
    assert components <= {each.key for each in prod.parts}
    assert drawn == len(shown) - len(components)


def test_alarms_are_counted(prod: Architecture, resources: list[Registered]) -> None:
    alarms = Counter(each.type for each in resources)["aws:cloudwatch/metricAlarm:MetricAlarm"]
    counted = f"metric alarm \N{MULTIPLICATION SIGN} {alarms}"
    assert alarms > 1
    assert dict(part(prod, "Monitoring").services)["CloudWatch"][0] == counted
    assert any(counted in text for text in read_picture(draw(prod)).texts)


def test_the_way_of_a_request(prod: Architecture) -> None:
    assert links(prod) == {
        ("Browser", "Domain"): "sends HTTPS requests to",
        ("Domain", "HTTP API"): "routes requests to",
        ("HTTP API", "Function"): "invokes",
        ("Function", "Identity"): "uses",
        ("Function", "Session key"): "uses",
        ("Function", "Table"): "reads and writes",
        ("Monitoring", "Function"): "watches",
        ("Monitoring", "HTTP API"): "watches",
        ("Monitoring", "Table"): "watches",
    }


def test_an_authorizer_checks_tokens_with_the_user_pool() -> None:
    guarded = load_stage_settings("prod").model_copy(update={"gateway_authorizer": True})
    drawn = links(read_architecture(register_stage("prod", guarded)))
    assert drawn["HTTP API", "Identity"] == "checks tokens with"


def test_the_facts_are_those_of_the_settings(prod: Architecture) -> None:
    settings = load_stage_settings("prod")
    memory, timeout = f"{settings.memory} MB", f"{settings.timeout} s"
    assert part(prod, "Function").facts == ("Python 3.12", memory, timeout)
    assert part(prod, "Domain").facts == (settings.domain_name,)
    origins = [f"https://{host}" for host in part(prod, "Browser").facts]
    assert origins == list(settings.cors_origins)
    assert prod.title == f"{PROJECT} · prod · {settings.region}"


def test_the_parts_on_the_way_of_a_request_and_beside_it(prod: Architecture) -> None:
    assert {each.title: each.role for each in prod.parts} == {
        "Browser": "client",
        "Domain": "request",
        "HTTP API": "request",
        "Function": "request",
        "Identity": "end",
        "Session key": "end",
        "Table": "end",
        "Monitoring": "aside",
    }


def test_a_new_component_appears_by_itself(resources: list[Registered]) -> None:
    store = resource(f"{COMPONENT}ImageStore", "images")
    bucket = resource("aws:s3/bucket:Bucket", "images", store.urn)
    function = next(each for each in resources if each.type == "aws:lambda/function:Function")
    using = dataclasses.replace(function, used=function.used | {bucket.urn})
    others = [each for each in resources if each is not function]
    architecture = read_architecture([*others, using, store, bucket])
    assert part(architecture, "Image store").services == (("S3", ("bucket",)),)
    assert links(architecture)["Function", "Image store"] == "uses"
    picture = read_picture(draw(architecture))
    assert {"Image store", "S3", "bucket"} <= set(picture.texts)
    check_geometry(picture)


def test_a_new_resource_appears_in_its_component(resources: list[Registered]) -> None:
    table = next(each for each in resources if each.type == f"{COMPONENT}Table")
    queue = resource("aws:sqs/queue:Queue", "changes", table.urn)
    architecture = read_architecture([*resources, queue])
    assert ("SQS", ("queue",)) in part(architecture, "Table").services


def test_a_component_in_a_component_belongs_to_the_outer_one() -> None:
    outer = resource(f"{COMPONENT}Site", "site")
    inner = resource(f"{COMPONENT}Cache", "cache", outer.urn)
    bucket = resource("aws:s3/bucket:Bucket", "cache", inner.urn)
    (site,) = read_architecture([outer, inner, bucket]).parts
    assert site.title == "Site"
    assert ("S3", ("bucket",)) in site.services


def test_components_of_one_type_have_their_names_in_the_title() -> None:
    stores = [resource(f"{COMPONENT}Store", name) for name in ("blog", "shop")]
    children = [resource("aws:s3/bucket:Bucket", each.name, each.urn) for each in stores]
    architecture = read_architecture([*stores, *children])
    assert [each.title for each in architecture.parts] == ["Store: Blog", "Store: Shop"]


def test_a_stage_that_takes_no_requests_has_no_browser() -> None:
    architecture = read_architecture([resource("aws:s3/bucket:Bucket", "files")])
    assert CLIENT not in {each.key for each in architecture.parts}
    check_geometry(read_picture(draw(architecture)))


@pytest.mark.parametrize(
    ("actions", "verb"),
    [
        (["sqs:GetQueueUrl", "sqs:ListQueues"], "reads"),
        ("sqs:SendMessage", "writes"),
        (["sqs:GetQueueUrl", "sqs:SendMessage"], "reads and writes"),
        (["s3:GetObject"], ""),
    ],
)
def test_the_actions_in_a_policy_are_the_verb_of_a_link(
    actions: str | list[str], verb: str
) -> None:
    queue = resource("aws:sqs/queue:Queue", "jobs")
    policy = {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    text = json.dumps(policy)
    user = resource("aws:iam/rolePolicy:RolePolicy", "user", needs=[queue], policy=text)
    assert links(read_architecture([queue, user])) == {("User", "Jobs"): verb}


def test_the_command_prints_or_writes_the_committed_picture(tmp_path: Path) -> None:
    printed, path = run_command("diagram"), tmp_path / "prod.svg"
    assert printed.code == 0
    assert printed.out.encode() == COMMITTED.read_bytes()
    written = run_command("diagram", "--stage", "prod", "--output", str(path))
    assert written.out == f"Wrote {path}\n"
    assert path.read_bytes() == COMMITTED.read_bytes()


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "prod.svg"
    result = run_command("diagram", "--output", str(path))
    assert (result.code, result.out) == (1, "")
    reason = "No such file or directory"
    assert result.err == f"error: Cannot write {path}: {reason}. Choose another --output.\n"
