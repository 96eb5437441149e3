"""A further kind of content is a model and a few lines."""

import uuid
from typing import TYPE_CHECKING, Annotated

import pytest
from pydantic import Field

from src.api.content import ContentApi, add_content_routes
from src.api.routing import ApiRouter
from src.app import create_app
from src.models.content import Content, ContentInput, Facet, ListQuery, Page, partial
from src.models.times import format_exact
from src.repositories.content_index import ContentKind
from tests.backend.app_client import connect

if TYPE_CHECKING:
    from src.config import Settings


class NoteCreate(ContentInput):
    text: str
    pinned: bool
    source_url: Annotated[str | None, Field(max_length=100)] = None


NoteUpdate = partial(NoteCreate, "NoteUpdate")


class Note(Content):
    text: str
    pinned: bool
    source_url: str | None


class NoteQuery(ListQuery):
    pinned: bool | None = None


class NotePage(Page):
    notes: list[Note]


NOTES = ContentKind(
    "note",
    Note,
    lambda note: frozenset({Facet.of("pinned", note.pinned)}),
    lambda note: format_exact(note.created_at),
)


@pytest.fixture
def router() -> ApiRouter:
    router = ApiRouter(prefix="/notes")
    notes = ContentApi(NOTES, "notes", NoteCreate, NoteUpdate, NoteQuery, NotePage)
    add_content_routes(router, "", notes)
    return router


def test_a_kind_without_a_slug(
    settings: "Settings", router: ApiRouter, owner_headers: dict[str, str]
) -> None:
    app = create_app(settings)
    app.include_router(router)
    with connect(app) as client:
        client.headers.update(owner_headers)
        first = client.post("/notes", json={"text": "A", "pinned": True}).json()
        second = client.post("/notes", json={"text": "A", "pinned": False}).json()
        url = "https://example.com"
        edited = client.put(f"/notes/{first['id']}", json={"sourceUrl": url}).json()
        for note in (first, second):
            assert client.post(f"/notes/{note['id']}/publish").json()["status"] == "published"
        pinned = client.get("/notes", params={"pinned": "true"}).json()
        everything = client.get("/notes").json()
        assert client.delete(f"/notes/{first['id']}").is_success
        assert client.get("/notes").json()["total"] == 1
        assert client.get(f"/notes/{uuid.uuid4()}").json()["message"].startswith("There is no note")

    assert first["sourceUrl"] is None
    assert edited == first | {"sourceUrl": url, "updatedAt": edited["updatedAt"]}
    assert [note["id"] for note in pinned["notes"]] == [first["id"]]
    assert [note["id"] for note in everything["notes"]] == [second["id"], first["id"]]
