"""The stand-in for AWS: strict rules for known types, and none for others."""

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.automation.errors import CommandError

from src import SITE
from tests.real.engine.changes import Key
from tests.real.engine.conftest import NewStack
from tests.real.engine.inline_program import Outputs
from tests.real.engine.stage_stack import StageStack

TABLE = Key("aws:dynamodb/table:Table", "table")


@pytest.fixture
def stack(new_stack: NewStack) -> StageStack:
    """A stack for the tests' own programs."""
    return new_stack("dev")


def make_role() -> aws.iam.Role:
    return aws.iam.Role("role", name="role", assume_role_policy="{}")


def test_an_output_that_it_does_not_give_is_refused_where_it_is_used(stack: StageStack) -> None:
    def program() -> Outputs:
        role = make_role()
        aws.sns.Topic("topic", name=pulumi.Output.concat("topic-", role.unique_id))
        return {}

    stack.inline.program = program
    with pytest.raises(CommandError, match="does not give aws:iam/role:Role uniqueId: declare it"):
        stack.up()


def test_an_output_that_it_does_not_give_is_refused_as_one_of_the_stack(stack: StageStack) -> None:
    def program() -> Outputs:
        pool = aws.cognito.UserPool("pool", name="pool", password_policy={"minimum_length": 8})
        days = pool.password_policy.temporary_password_validity_days
        return {"made": make_role().create_date, "days": days}

    stack.inline.program = program
    with pytest.raises(
        AssertionError, match=r"passwordPolicy temporaryPasswordValidityDays, .*:Role createDate"
    ):
        stack.up()


def test_a_type_that_it_does_not_know_gives_its_inputs_back(stack: StageStack) -> None:
    def program() -> Outputs:
        queue = aws.sqs.Queue("queue", name="jobs")
        return {"name": queue.name, "id": queue.id}

    stack.inline.program = program
    stack.up()
    queue = stack.account.only("aws:sqs/queue:Queue")
    assert stack.state.outputs == {"name": "jobs", "id": queue.id}


def test_a_function_that_it_does_not_know_is_refused(stack: StageStack) -> None:
    def program() -> Outputs:
        return {"zones": aws.get_availability_zones_output().names}

    stack.inline.program = program
    with pytest.raises(CommandError, match="does not know aws:index/getAvailabilityZones"):
        stack.preview()


def test_a_function_answers_in_a_preview(stack: StageStack) -> None:
    def program() -> Outputs:
        zone = aws.route53.get_zone_output(name=SITE)
        aws.route53.Record("record", name="dev", type="A", ttl=60, zone_id=zone.zone_id)
        return {}

    stack.inline.program = program
    assert stack.preview().operations.keys() >= {Key("aws:route53/record:Record", "record")}


def make_table(import_: str | None = None) -> aws.dynamodb.Table:
    return aws.dynamodb.Table(
        "table",
        name="table",
        billing_mode="PAY_PER_REQUEST",
        hash_key="PK",
        attributes=[{"name": "PK", "type": "S"}],
        opts=pulumi.ResourceOptions(import_=import_),
    )


def test_a_resource_that_is_there_already_is_in_the_way_until_it_is_adopted(
    stack: StageStack,
) -> None:
    inputs = {"name": "table", "billingMode": "PAY_PER_REQUEST", "hashKey": "PK"}
    attributes = [{"name": "PK", "type": "S"}]
    stack.account.create(*TABLE, {**inputs, "attributes": attributes})

    def create() -> Outputs:
        return {"arn": make_table().arn}

    def adopt() -> Outputs:
        return {"arn": make_table("table").arn}

    stack.inline.program = create
    with pytest.raises(CommandError, match="AlreadyExists: aws:dynamodb/table:Table table"):
        stack.up()
    stack.inline.program = adopt
    assert stack.up().operations[TABLE] == "import"
    assert stack.state.outputs["arn"].endswith(":table/table")
    stack.inline.program = create
    assert stack.up().operations == {}


def test_a_killed_engine_leaves_what_it_had_begun(stack: StageStack) -> None:
    def program() -> Outputs:
        return {"arn": make_table().arn}

    stack.inline.program = program
    with (
        stack.account.interrupted("create", *TABLE, act=stack.kill, moment="after"),
        pytest.raises(CommandError, match="code: -9"),
    ):
        stack.up()
    assert stack.account.find(TABLE.token, "table")
    assert TABLE not in stack.state.resources
    assert [each["resource"]["urn"].endswith("table") for each in stack.state.pending] == [True]
    with pytest.raises(CommandError, match="is currently locked"):
        stack.up()
    stack.run("cancel", "--yes")


def test_what_disappeared_is_made_again_after_a_refresh(stack: StageStack) -> None:
    stack.inline.program = lambda: {"arn": make_table().arn}
    stack.up()
    stack.account.delete(*TABLE, identifier="table")
    assert stack.refresh().operations == {TABLE: "delete"}
    assert stack.up().operations == {TABLE: "create"}


def test_a_name_cannot_change(stack: StageStack) -> None:
    stack.inline.program = lambda: {"arn": make_role().arn}
    stack.up()

    def program() -> Outputs:
        return {"arn": aws.iam.Role("role", name="another", assume_role_policy="{}").arn}

    stack.inline.program = program
    role = Key("aws:iam/role:Role", "role")
    assert stack.up().operations == {role: "replace"}
    assert stack.account.only(role.token).id == "another"
