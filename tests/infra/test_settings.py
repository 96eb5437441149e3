"""A stage's settings: what is accepted, and how what is not is told."""

import json
from contextvars import copy_context
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from infra.errors import SettingsError
from infra.settings import StageSettings, load_settings, parse_settings
from infra.stage_files import stage_config, stages

ROOT = Path(__file__).parents[2]


def config(**changes: str) -> dict[str, str]:
    return stage_config("prod") | {f"portfolio-api:{key}": value for key, value in changes.items()}


@pytest.mark.parametrize("stage", stages())
def test_every_stage_file_is_good(stage: str) -> None:
    assert parse_settings(stage_config(stage)).tags["managed-by"] == "pulumi"


def test_the_stages_are_those_with_a_file() -> None:
    assert {"dev", "local", "prod"} <= set(stages())
    with pytest.raises(SettingsError, match=r"no stage staging.*dev, local, prod"):
        stage_config("staging")


def test_defaults_come_from_the_project_file() -> None:
    settings = parse_settings(stage_config("dev"))
    assert (settings.memory, settings.timeout, settings.protect) == (512, 30, False)
    assert settings.name == "development-portfolio-api"


def test_only_the_local_stage_is_built_without_a_container() -> None:
    engines = {stage: parse_settings(stage_config(stage)).package_engine for stage in stages()}
    assert engines.pop("local") == "host"
    assert set(engines.values()) == {"container"}


def test_an_image_can_be_pinned() -> None:
    image = f"registry.example:5000/lambda/build:2026@sha256:{'ab' * 32}"
    assert parse_settings(config(packageImage=image)).package_image == image


JSON_TYPES = {"tuple": "array", "int": "integer", "bool": "boolean"}


def test_pulumi_declares_exactly_the_keys_that_settings_has() -> None:
    declared = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    assert set(declared) == {field.alias for field in StageSettings.model_fields.values()}
    values = parse_settings(stage_config("prod")).model_dump(by_alias=True)
    types = {key: type(value).__name__ for key, value in values.items()}
    assert {key: each["type"] for key, each in declared.items()} == {
        key: JSON_TYPES.get(name, "string") for key, name in types.items()
    }
    assert all(each["description"] for each in declared.values())


def test_other_namespaces_are_left_alone() -> None:
    assert parse_settings(config() | {"aws:region": "eu-west-1"}).region == "us-east-1"


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("environment", "Prod!", "environment = 'Prod!'"),
        ("region", "mars", "region = 'mars'"),
        ("region", "us-east-1\n", "region = .* must be an AWS region"),
        ("allowedAccounts", "[]", "allowedAccounts = .*must not be empty"),
        ("allowedAccounts", '["12"]', "allowedAccounts.0 = '12': must be the 12 digits"),
        ("allowedAccounts", "[oops", "allowedAccounts = "),
        ("allowedAccounts", "111111111111", "allowedAccounts = '111111111111'"),
        ("corsOrigins", '["*"]', r"corsOrigins.0 = '\*': must be https and exact in production"),
        ("corsOrigins", '["http://patrickcmd.dev"]', "must be https and exact in production"),
        ("corsOrigins", '["https://patrickcmd.dev/"]', "corsOrigins.0 = 'https://patrickcmd.dev/'"),
        ("logLevel", "LOUD", "logLevel = 'LOUD'"),
        ("logRetentionDays", "8", "logRetentionDays = 8"),
        ("architecture", "sparc", "architecture = 'sparc'"),
        ("packageEngine", "cloud", "packageEngine = 'cloud'"),
        ("packageImage", "build image", "packageImage = 'build image': must be an image's name"),
        ("packageImage", "image@sha256:12", "packageImage = 'image@sha256:12'"),
        ("containerCommand", "docker run", "containerCommand = 'docker run': must be the name or"),
        ("memory", "64", "memory = '64'.*128"),
        ("memory", "lots", "memory = 'lots'"),
        ("timeout", "31", "timeout = '31'.*30"),
        ("packageMaxZipped", "51", "packageMaxZipped = '51'.*50"),
        ("packageMaxUnzipped", "251", "packageMaxUnzipped = '251'.*250"),
        ("throttlingRate", "0", "throttlingRate = '0'"),
        ("throttlingBurst", "-1", "throttlingBurst = '-1'"),
        ("permissionsBoundary", "boundary", "permissionsBoundary = 'boundary': must be the ARN"),
        ("protect", "perhaps", "protect = 'perhaps'"),
    ],
)
def test_a_bad_value_is_told_with_key_value_and_reason(key: str, value: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        parse_settings(config(**{key: value}))


def test_a_misspelt_key_is_told_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"memmory is not a setting: did you mean memory\?"):
        parse_settings(config(memmory="512"))
    with pytest.raises(SettingsError, match="xyz is not a setting; known are environment, "):
        parse_settings(config(xyz="1"))


def test_a_key_that_is_not_set_is_told_with_the_command_that_sets_it() -> None:
    wanting = config()
    del wanting["portfolio-api:environment"]
    with pytest.raises(
        SettingsError, match="environment is not set: pulumi config set environment"
    ):
        parse_settings(wanting)


def test_all_problems_are_told_at_once() -> None:
    origins = '["https://ok.dev", "*", "http://patrickcmd.dev", "patrickcmd.dev"]'
    with pytest.raises(SettingsError) as failure:
        parse_settings(config(memory="1", timeout="99", memmory="1", corsOrigins=origins))
    told = [line.split()[0] for line in str(failure.value).splitlines()[1:]]
    assert told == [
        *("corsOrigins.1", "corsOrigins.2", "corsOrigins.3"),
        *("memory", "timeout", "memmory"),
    ]


@pytest.mark.parametrize("origin", ["*", "http://localhost:3000"])
def test_open_origins_are_allowed_outside_production(origin: str) -> None:
    changes = config(environment="development", corsOrigins=f'["{origin}"]')
    assert parse_settings(changes).cors_origins == (origin,)


def test_settings_cannot_change() -> None:
    settings = parse_settings(config())
    with pytest.raises(ValidationError, match="frozen"):
        settings.memory = 1024  # pyright: ignore[reportAttributeAccessIssue]


def test_the_engines_configuration_is_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config(memory="1769")))
    assert copy_context().run(load_settings).memory == 1769
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(config(memroy="1769")))
    with pytest.raises(SettingsError, match=r"memroy is not a setting: did you mean memory\?"):
        copy_context().run(load_settings)


def test_a_value_reaches_the_program_as_the_engine_writes_it(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: portfolio-api\nconfig:\n  memory: {type: integer, default: 512}\n  region: {}\n"
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "encryptionsalt: v1:x\nconfig:\n  portfolio-api:protect: true\n  portfolio-api:list: [a]\n"
    )
    assert stage_config("dev", tmp_path) == {
        "portfolio-api:memory": "512",
        "portfolio-api:protect": "true",
        "portfolio-api:list": '["a"]',
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("config:\n  memory: 512\n", "memory has no namespace: write portfolio-api:memory"),
        ("config: [", r"Pulumi\.dev\.yaml cannot be read"),
    ],
)
def test_a_stage_file_that_pulumi_would_refuse_is_refused(
    tmp_path: Path, content: str, told: str
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: portfolio-api\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(content)
    with pytest.raises(SettingsError, match=told):
        stage_config("dev", tmp_path)


def test_a_stage_file_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: portfolio-api\n")
    (tmp_path / "Pulumi.dev.yaml").touch()
    assert stage_config("dev", tmp_path) == {}
