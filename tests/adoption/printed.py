"""What `portfolio adopt --check` prints, read."""

from typing import Any

import yaml

from infra.paths import PROJECT


def told_settings(printed: str) -> dict[str, Any]:
    """The settings that it says to copy."""
    _, _, lines = printed.partition("Add to Pulumi.prod.yaml, below config:\n")
    settings: dict[str, Any] = yaml.safe_load(lines.partition("\n\n")[0].partition("error:")[0])
    return {key.removeprefix(f"{PROJECT}:"): value for key, value in settings.items()}


def line_of(printed: str, start: str) -> str:
    """The one line about something, with its mark."""
    (line,) = [each for each in printed.splitlines() if each[2:].startswith(start)]
    return line
