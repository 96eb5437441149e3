"""A stage's settings: what is accepted, and how what is not is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from infra.errors import SettingsError
from infra.paths import PROJECT, ROOT
from infra.settings import StageSettings, load_settings, load_stage_settings, parse_settings
from infra.settings.files import parse_file, stack_of, stage_config, stages
from infra.settings.problems import REQUIRED
from src import SITE
from tests.infra.recording_engine import Provider, Recorder, run_program


def config(**changes: str) -> dict[str, str]:
    return stage_config("prod") | {f"{PROJECT}:{key}": value for key, value in changes.items()}


@pytest.mark.parametrize("stage", stages())
def test_a_stage_file_spells_values_as_pulumi_config_set_does(stage: str) -> None:
    # It writes every value as a string, and changes the spelling of all others in the file.
    config = parse_file(ROOT / f"Pulumi.{stage}.yaml")["config"]
    items = [item for value in config.values() for item in ([value], value)[type(value) is list]]
    assert {type(item) for item in items} == {str}


@pytest.mark.parametrize("stage", stages())
def test_every_stage_file_is_good(stage: str) -> None:
    assert load_stage_settings(stack_of(stage)).tags["managed-by"] == "pulumi"


def test_the_stages_are_those_with_a_file() -> None:
    assert stages() == ["dev", "local", "preview", "prod"]
    with pytest.raises(
        SettingsError, match=r"Unknown stage staging.*dev, local, pr-<number>, prod"
    ):
        stage_config("staging")


def test_a_previews_environment_is_its_stacks_name() -> None:
    settings = load_stage_settings("pr-12")
    assert settings.environment == "pr-12"
    assert settings.name == f"pr-12-{PROJECT}"
    assert settings.tags["environment"] == "pr-12"
    assert settings.allowed_accounts == load_stage_settings("dev").allowed_accounts


@pytest.mark.parametrize("stack", ["pr-0", "pr-012", "pr-", "pr-x", "PR-12", "pr-12\n", "xpr-12"])
def test_only_a_number_makes_a_preview(stack: str) -> None:
    with pytest.raises(SettingsError, match="Unknown stage"):
        load_stage_settings(stack)


def test_only_the_local_stage_is_built_without_a_container() -> None:
    engines = {stage: load_stage_settings(stack_of(stage)).package_engine for stage in stages()}
    assert engines.pop("local") == "host"
    assert set(engines.values()) == {"container"}


def test_an_image_can_be_pinned() -> None:
    image = f"registry.example:5000/lambda/build:2026@sha256:{'ab' * 32}"
    assert parse_settings(config(packageImage=image)).package_image == image


DECLARED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
FIELDS = {field.alias: field for field in StageSettings.model_fields.values()}


def test_pulumi_declares_exactly_the_keys_that_settings_has() -> None:
    assert list(DECLARED) == [key for key in FIELDS if ":" not in str(key)]


def test_pulumi_declares_the_defaults_that_settings_has() -> None:
    stage = {"environment": "test", "allowedAccounts": ["1" * 12], "corsOrigins": ["https://a.dev"]}
    # The engine would refuse a preview without them, before the program can give a hint.
    assert {key for key, each in DECLARED.items() if each["default"] == []} == set(REQUIRED)
    defaults = {key: each["default"] for key, each in DECLARED.items() if key not in REQUIRED}
    by_pulumi = StageSettings.model_validate(defaults | stage)
    assert by_pulumi == StageSettings.model_validate(stage)


JSON_TYPES = {"tuple": "array", "int": "integer", "bool": "boolean"}


@pytest.mark.parametrize("key", DECLARED)
def test_pulumi_declares_a_settings_type_and_meaning(key: str) -> None:
    settings = load_stage_settings("prod").model_copy(
        update={"reserved_concurrency": 5, "pinned_version": 7, "budget_amount": 5}
    )
    kind = type(settings.model_dump(by_alias=True)[key]).__name__
    assert DECLARED[key]["type"] == JSON_TYPES.get(kind, "string")
    assert DECLARED[key]["description"] == str(FIELDS[key].description).partition("\n")[0]


@pytest.mark.parametrize(
    ("key", "value", "field", "read"),
    [
        ("reservedConcurrency", "-1", "reserved_concurrency", None),
        ("reservedConcurrency", "1", "reserved_concurrency", 1),
        ("reservedConcurrency", "900", "reserved_concurrency", 900),
        ("pinnedVersion", "0", "pinned_version", None),
        ("pinnedVersion", "7", "pinned_version", 7),
        ("alarmEmail", "", "alarm_email", None),
        ("snapStart", "true", "snap_start", True),
        ("tracing", "false", "tracing", False),
        ("memory", "10240", "memory", 10240),
        ("logRetentionDays", "3653", "log_retention_days", 3653),
        ("domainName", SITE, "domain_name", SITE),
        ("domainName", f"a.b.{SITE}", "domain_name", f"a.b.{SITE}"),
    ],
)
def test_what_is_accepted(key: str, value: str, field: str, read: object) -> None:
    assert getattr(parse_settings(config(**{key: value}), "prod"), field) == read


def test_other_namespaces_are_left_alone() -> None:
    others = {"aws:region": "us-east-1", "aws:skipMetadataApiCheck": "true", "random:x": "1"}
    assert parse_settings(config() | others) == parse_settings(config())


def test_the_profile_that_deploys_is_pulumis_own() -> None:
    assert parse_settings(config()).profile is None
    assert parse_settings(config() | {"aws:profile": "portfolio"}).profile == "portfolio"


@pytest.mark.parametrize("origin", ["*", "http://localhost:3000"])
def test_open_origins_are_allowed_outside_production(origin: str) -> None:
    changes = config(environment="development", corsOrigins=f'["{origin}"]')
    assert parse_settings(changes).cors_origins == (origin,)


def test_the_origins_of_a_preview_have_its_number() -> None:
    for number in (1, 12):
        origins = load_stage_settings(f"pr-{number}").cors_origins
        assert f"https://pr-{number}.preview.{SITE}" in origins
        assert not [origin for origin in origins if "{" in origin or "*" in origin]


def test_settings_cannot_change() -> None:
    settings = parse_settings(config())
    with pytest.raises(ValidationError, match="frozen"):
        settings.memory = 1024  # pyright: ignore[reportAttributeAccessIssue]


def loaded(stack: str, changes: dict[str, str]) -> StageSettings:
    """What the program loads when the engine runs it for a stack."""
    read: list[StageSettings] = []
    recorder = Recorder(Provider(), preview=True)
    run_program(
        lambda: read.append(load_settings()), recorder, stack, stage_config(stack) | changes
    )
    return read[0]


def test_the_engines_configuration_and_stack_are_what_is_loaded() -> None:
    assert loaded("prod", {f"{PROJECT}:memory": "1769"}).memory == 1769
    assert loaded("pr-7", {}).environment == "pr-7"
    with pytest.raises(SettingsError, match=r"memroy is not a setting: did you mean memory\?"):
        loaded("prod", {f"{PROJECT}:memroy": "1769"})
    with pytest.raises(SettingsError, match="must not be set in a preview"):
        loaded("pr-7", {f"{PROJECT}:environment": "development"})


def test_a_preview_without_the_shared_file_gets_a_hint() -> None:
    # As `pulumi preview -s pr-5` without --config-file.
    unset = dict.fromkeys((f"{PROJECT}:{key}" for key in REQUIRED), "[]")
    with pytest.raises(SettingsError) as failure:
        loaded("pr-5", unset)
    assert str(failure.value).splitlines() == [
        "Stack pr-5 has no settings: all previews share Pulumi.preview.yaml.",
        (
            "Deploy it with `bin/portfolio preview up 5`, or add "
            "`--config-file Pulumi.preview.yaml` to the command of Pulumi."
        ),
    ]


def write(folder: Path, stage_file: str, project_file: str = f"name: {PROJECT}\n") -> None:
    (folder / "Pulumi.yaml").write_text(project_file)
    (folder / "Pulumi.dev.yaml").write_text(stage_file)


def test_a_value_reaches_the_program_as_the_engine_writes_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        f"encryptionsalt: v1:x\nconfig:\n  protect: true\n  {PROJECT}:list: [a, yes, 1]\n"
        "  answer: no\n  day: 2026-01-31\n  empty:\n  aws:region: x\n",
        f"name: {PROJECT}\nconfig:\n  memory: {{type: integer, default: 512}}\n  region: {{}}\n",
    )
    assert stage_config("dev", tmp_path) == {
        f"{PROJECT}:memory": "512",
        f"{PROJECT}:protect": "true",
        f"{PROJECT}:list": '["a","yes",1]',
        f"{PROJECT}:answer": "no",
        f"{PROJECT}:day": "2026-01-31 00:00:00 +0000 UTC",
        f"{PROJECT}:empty": "",
        "aws:region": "x",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("config: [", r"Pulumi\.dev\.yaml cannot be read: line 1: "),
        ("config:\n  a: 1\n  a: 2\n", "cannot be read: line 3: a is set twice"),
        ("- config", "cannot be read: it must have keys and values below config"),
        ("config: yes", "cannot be read: it must have keys and values below config"),
        ("config:\n  1: 2\n", "cannot be read: it must have keys and values below config"),
    ],
)
def test_a_stage_file_that_pulumi_would_refuse_is_refused_in_a_line(
    tmp_path: Path, content: str, told: str
) -> None:
    write(tmp_path, content)
    with pytest.raises(SettingsError, match=told) as failure:
        stage_config("dev", tmp_path)
    assert len(str(failure.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["# K\u00f6ln".encode("latin-1"), b"config:\n  a: \x07\n"])
def test_a_stage_file_that_is_no_text_is_refused_in_a_line(tmp_path: Path, text: bytes) -> None:
    write(tmp_path, "")
    (tmp_path / "Pulumi.dev.yaml").write_bytes(text)
    with pytest.raises(SettingsError) as failure:
        stage_config("dev", tmp_path)
    file = tmp_path / "Pulumi.dev.yaml"
    assert str(failure.value) == f"{file} cannot be read: it must be plain text in UTF-8"


def test_a_project_file_that_is_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").touch()
    with pytest.raises(SettingsError, match=r"Pulumi\.yaml cannot be read: No such file"):
        stage_config("dev", tmp_path)


def test_a_stage_file_may_be_empty(tmp_path: Path) -> None:
    write(tmp_path, "")
    assert stage_config("dev", tmp_path) == {}
