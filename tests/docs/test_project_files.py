"""Files of the project that GitHub and readers use: changelog, templates, attributes."""

import re
import subprocess
import tomllib
from typing import Any

import pytest
import yaml
from packaging.version import Version

from infra.paths import ROOT
from tests.docs.pages import PAGES

FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def test_no_page_is_long() -> None:
    # A third of the guide from SAM is commands, and it must be followed from end to end.
    longest = {
        "README.md": 2_000,
        "CONTRIBUTING.md": 3_100,
        # It grows until a version is tagged.
        "CHANGELOG.md": 2_100,
        "docs/emulator-and-aws.md": 2_000,
        "docs/moving-from-sam.md": 2_300,
        # It has a section for each promise.
        "docs/reliability.md": 2_700,
        # It has a row for each setting.
        "docs/settings.md": 1_850,
        # It quotes the messages of all commands.
        "docs/troubleshooting.md": 1_950,
    }
    words = {page: len(text.split()) for page, text in PAGES.items()}
    assert {page: n for page, n in words.items() if n >= longest.get(page, 1_750)} == {}


def test_the_readme_has_a_picture_and_leads_to_every_page() -> None:
    head, links = PAGES["README.md"][:500], PAGES["README.md"]
    assert re.search(r"^!\[.+\]\(docs/architecture\.svg\)$", head, re.MULTILINE)
    assert [page for page in PAGES if page != "README.md" and f"({page})" not in links] == []


def test_the_changelog_has_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert version in PAGES["CHANGELOG.md"]
    assert "\n## [Unreleased]\n" in PAGES["CHANGELOG.md"]


@pytest.mark.parametrize("form", [form for form in FORMS if form.name != "config.yml"], ids=str)
def test_a_form_for_issues_is_one_that_github_takes(form: Any) -> None:
    content = yaml.safe_load(form.read_text())
    assert {"name", "description", "body"} <= set(content)
    fields = [each for each in content["body"] if each["type"] != "markdown"]
    assert {each["type"] for each in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    ids = [each["id"] for each in fields]
    assert len(ids) == len(set(ids))
    assert all(each["attributes"]["label"] for each in fields)
    for options in (each["attributes"].get("options", []) for each in fields):
        # GitHub reserves the word.
        assert "none" not in {str(option).lower() for option in options}


def test_both_projects_require_an_engine_that_is_tested_and_deploys() -> None:
    tested = re.search(r"pulumi/pkg/v3 v(\S+)", read("tests/real/engine/pulumi_engine/go.mod"))
    action = re.search(
        r'pulumi-version: "(\S+)"', read(".github/actions/prepare-deployment/action.yml")
    )
    assert tested
    assert action
    for project in ("Pulumi.yaml", "infra/bootstrap/Pulumi.yaml"):
        assert yaml.safe_load(read(project))["requiredPulumiVersion"] == f">={tested[1]}"
    assert Version(action[1]) >= Version(tested[1])


def read(path: str) -> str:
    return (ROOT / path).read_text()


def test_generated_files_are_marked_for_github() -> None:
    files = ["backend/openapi.json", "uv.lock", "docs/architecture.svg", "docs/pictures/up.svg"]
    command = ["git", "check-attr", "linguist-generated", "text", "--", *files]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for file in files:
        assert f"{file}: linguist-generated: true" in told
        assert f"{file}: text: auto" in told
