"""A checkout with a fourth kind of content: three small files, and a line in `KINDS`."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra.paths import ROOT
from tests.checkout import copy_checkout

MODEL: Final = '''\
"""Talks."""

from typing import Annotated, Literal

from pydantic import Field

from src.models.content import Content, ContentInput, ListQuery, Page, partial
from src.models.fields import Day, WebUrl

type TalkLength = Literal["lightning", "full"]


class TalkCreate(ContentInput):
    """A talk as its speaker sends it."""

    title: Annotated[str, Field(max_length=200, examples=["One table is enough"])]
    venue: Annotated[str, Field(max_length=100, examples=["PyCon"])]
    length: TalkLength
    minutes: Annotated[int, Field(ge=1, le=240, examples=[30])]
    recorded: Annotated[bool, Field(examples=[True])]
    topics: Annotated[
        list[Annotated[str, Field(max_length=50)]],
        Field(min_length=1, max_length=5, examples=[["aws"]]),
    ]
    held_on: Day
    video_url: WebUrl | None = None


TalkUpdate = partial(TalkCreate, "TalkUpdate")


class Talk(Content):
    """A talk as everyone reads it."""

    title: Annotated[str, Field(examples=["One table is enough"])]
    venue: Annotated[str, Field(examples=["PyCon"])]
    length: TalkLength
    minutes: Annotated[int, Field(examples=[30])]
    recorded: Annotated[bool, Field(examples=[True])]
    topics: Annotated[list[str], Field(examples=[["aws"]])]
    held_on: Day
    video_url: Annotated[str | None, Field(examples=["https://example.com/video"])]


class TalkQuery(ListQuery):
    """Filters of the list of talks."""

    recorded: Annotated[
        bool | None, Field(description="Only those that are recorded, or that are not.")
    ] = None


class TalkPage(Page):
    """A page of the list of talks."""

    talks: list[Talk]
'''

REPOSITORY: Final = '''\
"""Talks in the table."""

from typing import Final

from src.models.content import Facet
from src.models.talk import Talk
from src.models.times import format_exact
from src.repositories.content_index import ContentKind


def _facets(talk: Talk) -> frozenset[Facet]:
    return frozenset({Facet.of("recorded", talk.recorded)})


def _published_order(talk: Talk) -> str:
    return f"{talk.held_on}#{format_exact(talk.created_at)}"


TALKS: Final = ContentKind("talk", Talk, _facets, _published_order)
'''

ROUTES: Final = '''\
"""Routes of talks."""

from typing import Final

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.models.talk import TalkCreate, TalkPage, TalkQuery, TalkUpdate
from src.repositories.talks import TALKS

TALKS_API: Final = ContentApi(
    kind=TALKS,
    router=ApiRouter(),
    path="/talks",
    plural="talks",
    tag="talks",
    description="Talks.",
    content_type="talk",
    top_key="talks",
    create=TalkCreate,
    update=TalkUpdate,
    query=TalkQuery,
    page=TalkPage,
)

add_content_routes(TALKS_API)
'''


def copy_with_talks(target: Path) -> Path:
    """Copy this checkout, and add talks as CONTRIBUTING.md says."""
    checkout = copy_checkout(target)
    # The emulator is installed there.
    (checkout / ".cache").symlink_to(ROOT / ".cache")
    source = checkout / "backend" / "src"
    (source / "models" / "talk.py").write_text(MODEL)
    (source / "repositories" / "talks.py").write_text(REPOSITORY)
    (source / "api" / "talks.py").write_text(ROUTES)
    registry = source / "api" / "kinds.py"
    before, mark, after = registry.read_text().partition("    CERTIFICATIONS_API,\n")
    before = before.replace("\n\nKINDS", "\nfrom src.api.talks import TALKS_API\n\nKINDS")
    registry.write_text(f"{before}{mark}    TALKS_API,\n{after}")
    run_python(checkout, "backend/generate_openapi.py")
    return checkout


def run_python(checkout: Path, *arguments: str) -> str:
    """Run our Python on the code of a checkout, and return its output; fail if it fails."""
    # Before what is installed, which is this checkout.
    path = os.pathsep.join([str(checkout / "backend"), str(checkout)])
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
