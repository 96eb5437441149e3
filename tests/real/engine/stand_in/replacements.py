"""The inputs with a replacement after a change, from the source of Terraform's AWS provider.

`replacements.json` has a line of the source for each input. The files are at commit 5f2286d6d836 of
github.com/hashicorp/terraform-provider-aws (6.47.1). A replaced input has `ForceNew` or
`RequiresReplace` in this line, an updated one is declared there without it. All replaced inputs of
a type are listed, and the updated ones that the program sets.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_REGION: Final = {"region": "internal/provider/sdkv2/region.go:112"}
"""The source of a regional resource's replacement (of a user pool client: framework/region.go:300).

Pulumi's provider sets the input to its own region if the program does not (pulumi-aws,
`applyRegion` in provider/region.go).
"""


@dataclass(frozen=True)
class Replacements:
    """The inputs of a resource type, each with its line of the source."""

    replaced: Mapping[str, str]
    updated: Mapping[str, str]

    @property
    def is_regional(self) -> bool:
        """False for resources of all regions, such as roles."""
        return "region" in self.replaced


def _read() -> dict[str, Replacements]:
    types: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    )
    return {token: _parse(**each) for token, each in types.items()}


def _parse(
    file: str, replaced: Mapping[str, int], updated: Mapping[str, int], *, regional: bool
) -> Replacements:
    def sources(lines: Mapping[str, int]) -> dict[str, str]:
        return {name: f"{file}:{line}" for name, line in lines.items()}

    region = _REGION if regional else {}
    return Replacements(sources(replaced) | region, sources(updated))


REPLACEMENTS: Final = _read()
