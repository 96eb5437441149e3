"""The settings of a stage, and the only reader of Pulumi's configuration."""

from infra.settings.model import StageSettings
from infra.settings.reading import load_settings, load_stage_settings, parse_settings
from infra.settings.rules import PRODUCTION

__all__ = [
    "PRODUCTION",
    "StageSettings",
    "load_settings",
    "load_stage_settings",
    "parse_settings",
]
