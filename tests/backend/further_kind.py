"""A checkout with a further kind of content: three small files, and a line in `KINDS`.

The kind has a name that no contributor chooses: the checkout may have kinds of its own.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT
from tests.checkout import copy_checkout

MODEL: Final = '''\
"""Specimens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, override

from pydantic import Field

from src.models.content import Content, ContentInput, ListQuery, partial
from src.models.fields import (
    EMPTY_IS_UNSET,
    REQUIRED,
    Day,
    ListedText,
    RequiredText,
    WebUrl,
    at_most_different,
)
from src.models.parameters import Switch

type SpecimenSize = Literal["small", "large"]


class SpecimenCreate(ContentInput):
    """A specimen as its owner sends it."""

    title: Annotated[RequiredText, Field(max_length=200, examples=["A butterfly"]), REQUIRED]
    size: Annotated[SpecimenSize, REQUIRED]
    legs: Annotated[int, Field(ge=1, le=240, examples=[6])]
    found_on: Annotated[Day, Field(json_schema_extra={"minLength": 1}), REQUIRED]
    place: Annotated[str | None, Field(max_length=100, examples=["A meadow"]), EMPTY_IS_UNSET] = (
        None
    )
    wings: Annotated[int | None, Field(ge=0, le=8, examples=[4])] = None
    labelled: Annotated[bool | None, Field(examples=[True])] = None
    colours: Annotated[
        list[ListedText] | None, at_most_different(50), Field(examples=[["blue"]])
    ] = None
    sold_on: Annotated[Day | None, EMPTY_IS_UNSET] = None
    image_url: Annotated[WebUrl | None, EMPTY_IS_UNSET] = None


SpecimenUpdate = partial(SpecimenCreate, "SpecimenUpdate")


class Specimen(Content):
    """A specimen as everyone reads it."""

    title: Annotated[str, Field(examples=["A butterfly"])]
    size: SpecimenSize
    legs: Annotated[int, Field(examples=[6])]
    found_on: Day
    place: Annotated[str | None, Field(examples=["A meadow"])]
    wings: Annotated[int | None, Field(examples=[4])]
    labelled: Annotated[bool, Field(examples=[True])]
    colours: Annotated[list[str], Field(examples=[["blue"]])]
    sold_on: Day | None
    image_url: Annotated[str | None, Field(examples=["https://example.com/image.png"])]

    @override
    @classmethod
    def defaults(cls, values: Mapping[str, object], now: datetime) -> dict[str, object]:
        return {"labelled": False, "colours": []}


class SpecimenQuery(ListQuery):
    """Filters of the list of specimens."""

    labelled: Annotated[
        Switch | None, Field(description="Only those that are labelled, or that are not.")
    ] = None
'''

REPOSITORY: Final = '''\
"""Specimens in the table."""

from typing import Final

from src.models.content import Facet
from src.models.specimen import Specimen
from src.models.times import format_exact
from src.repositories.content_index import ContentKind


def _facets(specimen: Specimen) -> frozenset[Facet]:
    return frozenset({Facet.of("labelled", specimen.labelled)})


def _published_order(specimen: Specimen) -> str:
    return f"{specimen.found_on}#{format_exact(specimen.created_at)}"


SPECIMENS: Final = ContentKind("specimen", Specimen, _facets, _published_order)
'''

ROUTES: Final = '''\
"""Routes of specimens."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.specimen import SpecimenCreate, SpecimenQuery, SpecimenUpdate
from src.repositories.specimens import SPECIMENS

SPECIMENS_API: Final = ContentApi(
    kind=SPECIMENS,
    router=ApiRouter(),
    path="/specimens",
    plural="specimens",
    tag="specimens",
    description="Specimens.",
    content_type="specimen",
    top_key="specimens",
    create=SpecimenCreate,
    update=SpecimenUpdate,
    query=SpecimenQuery,
)

add_content_routes(SPECIMENS_API)
'''


def copy_with_specimens(target: Path) -> Path:
    """Copy this checkout, and add specimens as CONTRIBUTING.md says."""
    checkout = copy_checkout(target)
    # The emulator is installed there.
    (checkout / ".cache").symlink_to(ROOT / ".cache")
    add_kind(checkout, "specimen")
    return checkout


def add_kind(checkout: Path, name: str) -> None:
    """Add a kind like specimens, last in `KINDS`, and generate the schema.

    Args:
        checkout: a copy of this checkout.
        name: the kind in the singular; its plural ends in s.
    """
    source = checkout / "backend" / "src"
    for folder, file, text in (
        ("models", f"{name}.py", MODEL),
        ("repositories", f"{name}s.py", REPOSITORY),
        ("api", f"{name}s.py", ROUTES),
    ):
        (source / folder / file).write_text(_rename(text, name))
    _register(source / "api" / "kinds.py", name)
    run_python(checkout, "backend/generate_openapi.py")


def _rename(text: str, name: str) -> str:
    for form in (str.lower, str.upper, str.capitalize):
        text = text.replace(form("specimen"), form(name))
    return text


def _register(registry: Path, name: str) -> None:
    api = f"{name.upper()}S_API"
    head, registered, rest = registry.read_text().partition("\n\nKINDS: Final")
    kinds, closed, docstring = rest.partition("\n)\n")
    assert registered
    assert closed
    line = f"\nfrom src.api.{name}s import {api}"
    registry.write_text(f"{head}{line}{registered}{kinds}\n    {api},{closed}{docstring}")


def run_python(checkout: Path, *arguments: str) -> str:
    """Run our Python on the code of a checkout, and return its output; fail if it fails."""
    # The coverage is that of this checkout's own tests.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    # Before what is installed, which is this checkout.
    path = os.pathsep.join([str(checkout / "backend"), str(checkout)])
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        # Width of pytest's summary, which otherwise cuts the reasons.
        env={**own, "PYTHONPATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        command = f"cd {checkout} && PYTHONPATH={path} {shlex.join([sys.executable, *arguments])}"
        reason = shorten_output(result.stdout + result.stderr)
        pytest.fail(f"{reason}\n\nTo run it again:\n{command}", pytrace=False)
    return result.stdout


def shorten_output(printed: str) -> str:
    """Return pytest's summary of the failed tests, or the last lines of another output."""
    _, mark, summary = printed.partition("= short test summary info =")
    return "\n".join((summary if mark else printed).strip("=\n").splitlines()[-20:])
