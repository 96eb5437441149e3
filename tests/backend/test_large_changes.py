"""Changes with more actions than a transaction takes: some entries are removed afterwards."""

from typing import TYPE_CHECKING, Any

import pytest

from src.models.content import StatusFilter
from src.models.project import Project, ProjectCreate, ProjectQuery, ProjectUpdate
from src.repositories.content import ContentRepository
from src.repositories.projects import PROJECTS
from src.repositories.table import TRANSACTION_ACTIONS, Table
from tests.backend.content_checks import SteppingClock, assert_consistent, clear_table
from tests.backend.dynamodb_tables import ON_EVERY_DYNAMODB
from tests.backend.dynamodb_traffic import before_each, record, refuse

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

pytestmark = ON_EVERY_DYNAMODB

BEFORE = [f"{'😀' * 46} {number:02}" for number in range(50)]
AFTER = [f"{'é' * 46} {number:02}" for number in range(50)]

THROTTLED = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": ""}

type Projects = ContentRepository[Project]


@pytest.fixture
def projects(own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str) -> Projects:
    clear_table(dynamodb, table_name)
    return ContentRepository(PROJECTS, Table(own_client, table_name), SteppingClock())


def create(projects: Projects) -> str:
    """Create a project with as many technologies as it may have."""
    fields: dict[str, Any] = {
        "name": "Portfolio API",
        "description": "The API behind this site.",
        "longDescription": "Long.",
        "tech": BEFORE,
        "company": "Independent",
        "featured": False,
    }
    return projects.create(ProjectCreate.model_validate(fields)).id


def change(projects: Projects, content_id: str, tech: list[str]) -> Project:
    update = {"tech": tech, "featured": True}
    return projects.edit(content_id, ProjectUpdate.model_validate(update))


def found(projects: Projects, technology: str) -> list[str]:
    return [project.id for project in projects.find(ProjectQuery(technology=technology)).items]


def test_every_change_of_every_technology_is_done(
    projects: Projects, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    content_id = create(projects)
    calls = record(own_client)

    for step in (
        lambda: projects.publish(content_id),
        lambda: change(projects, content_id, AFTER),
        lambda: projects.unpublish(content_id),
        lambda: change(projects, content_id, BEFORE),
        lambda: projects.publish(content_id),
    ):
        calls.clear()
        step()
        writes = [params["TransactItems"] for name, params in calls if name == "TransactWriteItems"]
        assert len(writes) == 2
        assert len(writes[0]) == TRANSACTION_ACTIONS
        assert_consistent(dynamodb, table_name, PROJECTS)
    assert [len(found(projects, each)) for each in (*BEFORE, *AFTER)] == [1] * 50 + [0] * 50
    projects.delete(content_id)
    assert projects.find(ProjectQuery(status=StatusFilter.ALL)).total == 0
    assert_consistent(dynamodb, table_name, PROJECTS)


def test_lists_are_right_even_if_entries_stay(
    projects: Projects, own_client: "DynamoDBClient"
) -> None:
    content_id = create(projects)
    projects.publish(content_id)

    def fail() -> None:
        refuse(own_client, "TransactWriteItems", THROTTLED, times=99)

    before_each(own_client, "TransactWriteItems", [lambda: None, fail])

    assert change(projects, content_id, AFTER).tech == AFTER
    assert [found(projects, each) for each in BEFORE] == [[]] * 50
    assert [found(projects, each) for each in AFTER] == [[content_id]] * 50


def test_entries_written_again_in_the_meantime_stay(
    projects: Projects, own_client: "DynamoDBClient", dynamodb: "DynamoDBClient", table_name: str
) -> None:
    later = SteppingClock()
    others = ContentRepository(PROJECTS, Table(dynamodb, table_name), later)
    content_id = create(projects)
    later.now = projects.publish(content_id).updated_at.replace(year=2027)
    interfere = [lambda: None, lambda: change(others, content_id, BEFORE)]
    before_each(own_client, "TransactWriteItems", interfere)

    change(projects, content_id, AFTER)

    assert [found(projects, each) for each in BEFORE] == [[content_id]] * 50
    assert_consistent(dynamodb, table_name, PROJECTS)
