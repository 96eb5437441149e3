"""The files of a new project: names replaced, and this project's own history left out."""

import pytest
import yaml

from infra.paths import PROJECT, ROOT
from portfolio.new_project.changes import Changes
from portfolio.new_project.names import complete_names
from src import SITE, TITLE

DEPLOYED = """\
secretsprovider: awskms://alias/a
encryptedkey: AAAA
config:
  {project}:environment: production
  {project}:allowedAccounts:
    - "123456789012"
  {project}:adoptTable: old
  {project}:pinnedVersion: 7
  {project}:token:
    secure: AAAB
  {project}:memory: 512
"""


@pytest.fixture(scope="module")
def changes() -> Changes:
    given = {
        "name": "some-new-api",
        "domain": "a-site.example.org",
        "zone": "example.org",
        "title": "Books",
        "alarm-email": "me@example.org",
        "repository": "me/books",
        "dev-account": "333333333333",
        "prod-account": "444444444444",
    }
    return Changes(complete_names(given, "folder"), "v1.0.0")


def changed(changes: Changes, path: str) -> str:
    return changes.apply(path, (ROOT / path).read_bytes()).decode()


def test_settings_have_the_new_names_accounts_and_placeholders(changes: Changes) -> None:
    prod = yaml.safe_load(changed(changes, "Pulumi.prod.yaml"))["config"]
    assert {key.partition(":")[0] for key in prod} == {"some-new-api"}
    own = {key.partition(":")[2]: value for key, value in prod.items()}
    assert own["allowedAccounts"] == ["444444444444"]
    assert own["corsOrigins"] == ["https://a-site.example.org", "https://www.a-site.example.org"]
    assert (own["domainName"], own["hostedZone"]) == ("api.a-site.example.org", "example.org")
    assert own["alarmEmail"] == "me@example.org"
    assert own["permissionsBoundary"] == (
        "arn:aws:iam::444444444444:policy/some-new-api-production-boundary"
    )
    for file in ("Pulumi.dev.yaml", "Pulumi.preview.yaml", "infra/bootstrap/Pulumi.dev.yaml"):
        text = changed(changes, file)
        assert "333333333333" in text
        assert SITE not in text
    bootstrap = yaml.safe_load(changed(changes, "infra/bootstrap/Pulumi.prod.yaml"))["config"]
    assert bootstrap["some-new-api-bootstrap:repository"] == "me/books"
    assert bootstrap["some-new-api-bootstrap:hostedZoneId"] == "Z0000000000000000000"


def test_the_state_of_a_deployment_stays_behind(changes: Changes) -> None:
    text = DEPLOYED.format(project=PROJECT)
    new = yaml.safe_load(changes.apply("Pulumi.prod.yaml", text.encode()))
    assert new == {
        "config": {
            "some-new-api:environment": "production",
            "some-new-api:allowedAccounts": ["444444444444"],
            "some-new-api:memory": 512,
        }
    }


def test_code_has_the_new_names(changes: Changes) -> None:
    backend = changed(changes, "backend/src/__init__.py")
    assert 'TITLE: Final = "Books"\n' in backend
    assert 'SITE: Final = "a-site.example.org"\n' in backend
    assert 'PROJECT: Final = "some-new-api"\n' in changed(changes, "infra/paths.py")
    assert f'"{TITLE}"' not in backend


def test_the_licence_and_the_changelog_name_the_origin(changes: Changes) -> None:
    _, _, new, old, *_ = changed(changes, "LICENSE").splitlines()
    assert new.endswith("The authors of some-new-api")
    assert old in (ROOT / "LICENSE").read_text()
    log = changed(changes, "CHANGELOG.md")
    entry = f"- this project, made with `portfolio new` from {PROJECT} (v1.0.0)"
    assert log.endswith(f"## [Unreleased]\n\n### Added\n\n{entry}\n")


def test_a_file_that_is_not_text_stays_unchanged(changes: Changes) -> None:
    content = b"\x89PNG\xff" + PROJECT.encode()
    assert changes.apply("picture.png", content) == content
