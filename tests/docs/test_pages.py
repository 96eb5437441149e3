"""Commands, options, settings and files that the pages name are ones that exist."""

import re
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from infra.paths import ROOT
from infra.settings.problems import KEYS
from tests.command_options import find_unknown
from tests.contract.target import find_remote_target
from tests.docs.pages import PAGES, commands_of

AWS_OPTIONS = {"--query", "--output", "--cli-binary-format"}
"""The AWS CLI's own, for every command."""


def test_commands_of_ours_exist_with_their_options() -> None:
    found = list(commands_of("portfolio"))
    assert len(found) > 20
    unknown = {f"{page}: {' '.join(words)}": find_unknown(words) for page, words in found}
    assert {call: words for call, words in unknown.items() if words} == {}


def test_targets_of_make_exist_with_their_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    makefile = (ROOT / "Makefile").read_text()
    found = list(commands_of("make"))
    assert len(found) > 10
    # A password is never on the command line.
    monkeypatch.setenv("OWNER_PASSWORD", "secret")
    exported: set[str] = set()
    for page, (target, *rest) in found:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), f"{page}: make {target}"
        for name in (word.partition("=")[0] for word in rest if "=" in word):
            if f"$({name})" in makefile:
                continue
            assert target == "contract", f"{page}: {name}"
            monkeypatch.setenv(name, f"value-of-{name}")
            exported.add(f"value-of-{name}")
    reached = str(find_remote_target())
    assert {value for value in exported if value not in reached} == set()


def test_settings_that_are_set_exist() -> None:
    settings = {
        (page, words[2]) for page, words in commands_of("pulumi") if words[:2] == ["config", "set"]
    }
    assert settings
    assert {setting for setting in settings if setting[1] not in KEYS} == set()


def test_commands_of_awss_exist_with_their_options() -> None:
    session = botocore.session.get_session()
    found = list(commands_of("aws"))
    assert len(found) > 4
    for page, (service, name, *rest) in found:
        if name == "wait":
            waiters: Any = session.get_waiter_model(service)
            assert rest[0] in {xform_name(each, "-") for each in waiters.waiter_names}
            continue
        model: Any = session.get_service_model(service)
        operations = {xform_name(each, "-"): each for each in model.operation_names}
        members = model.operation_model(operations[name]).input_shape.members
        known = {f"--{xform_name(each, '-')}" for each in members} | AWS_OPTIONS
        options = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert options <= known, f"{page}: aws {service} {name}"


def anchors(text: str) -> set[str]:
    """The headings of a page, as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_links_lead_to_files_and_headings_that_exist() -> None:
    broken: list[str] = []
    for page, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            file, _, anchor = target.partition("#")
            path = (ROOT / page).parent / file if file else ROOT / page
            if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
                broken.append(f"{page}: {target}")
    assert broken == []
