"""What blog posts, projects and certifications have in common."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, NamedTuple, Self, cast, override

from pydantic import Field, create_model, model_validator

from src.models.base import ApiModel, InputModel
from src.models.times import Timestamp

SERVER_KEYS: Final = frozenset(
    {"id", "slug", "status", "readTime", "publishedAt", "createdAt", "updatedAt"}
)
"""What the server sets; clients send it back with what they read, and it is ignored."""

SLUG_SUFFIX_LENGTH: Final = 8


ContentId = Annotated[str, Field(examples=["0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"])]


class Status(StrEnum):
    """Who sees an item: everyone, or the owner."""

    DRAFT = "draft"
    PUBLISHED = "published"


class StatusFilter(StrEnum):
    """Which items a list holds."""

    PUBLISHED = "published"
    DRAFT = "draft"
    ALL = "all"


class Facet(NamedTuple):
    """Something an item can be found by, such as the tag `python`."""

    name: str
    value: str

    @classmethod
    def of(cls, name: str, value: str | bool) -> Self:  # noqa: FBT001 - any field's value
        """Return the facet of a field's value; of a switch it is `true` or `false`."""
        return cls(name, str(value).lower() if isinstance(value, bool) else value)

    @override
    def __str__(self) -> str:
        """Return one text for both; the name holds no `#`, so no two facets share it."""
        return f"{self.name}#{self.value}"


class ContentInput(InputModel):
    """The fields a client sends; what only the server sets is dropped unseen."""

    @model_validator(mode="before")
    @classmethod
    def _drop_server_keys(cls, body: object) -> object:
        if not isinstance(body, dict):
            return body
        sent = cast("dict[str, object]", body)
        return {key: value for key, value in sent.items() if key not in SERVER_KEYS}


def partial(model: type[ContentInput], name: str) -> type[ContentInput]:
    """Return the same model with no field required: what a partial update may send.

    A field that is sent obeys the same rules; `model_fields_set` tells which were.
    """
    return create_model(
        name,
        __base__=model,
        __module__=model.__module__,
        __doc__="The fields to change; the others stay as they are.",
        **{field: _optional(model, field) for field in model.model_fields},
    )


def _optional(model: type[ContentInput], name: str) -> Any:  # noqa: ANN401 - what pydantic takes
    field = copy(model.model_fields[name])
    if not field.is_required():
        return (field.annotation, field)
    # A factory, as a plain default would stand in the schema.
    return (Annotated[field.annotation, field], Field(default_factory=lambda: None))


class Content(ApiModel):
    """An item of any kind."""

    id: ContentId
    status: Status
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def draft(cls, content_id: str, fields: ContentInput, now: datetime) -> Self:
        """Return a new draft made of what a client sent."""
        values = fields.model_dump(by_alias=False)
        return cls.model_validate(
            {
                **values,
                **cls.initial(values),
                **cls.derived(values),
                "id": content_id,
                "status": Status.DRAFT,
                "created_at": now,
                "updated_at": now,
            }
        )

    @classmethod
    def initial(cls, _values: Mapping[str, object]) -> dict[str, object]:
        """Return what the server adds on creation and then keeps."""
        return {}

    @classmethod
    def derived(cls, _values: Mapping[str, object]) -> dict[str, object]:
        """Return what follows from the fields sent, on creation and on every edit."""
        return {}

    def edit(self, changes: ContentInput, now: datetime) -> Self:
        """Return the item with the fields that were sent changed; itself if none was."""
        values = changes.model_dump(by_alias=False, exclude_unset=True)
        if not values:
            return self
        return self.model_copy(update={**values, **self.derived(values), "updated_at": now})

    def publish(self, now: datetime) -> Self:
        """Return the item visible to everyone; itself if it is already."""
        return self._with_status(Status.PUBLISHED, now)

    def unpublish(self, now: datetime) -> Self:
        """Return the item visible to the owner alone; itself if it is already."""
        return self._with_status(Status.DRAFT, now)

    def _with_status(self, status: Status, now: datetime) -> Self:
        if self.status is status:
            return self
        return self.model_copy(update={"status": status, "updated_at": now})


class SluggedContent(Content):
    """An item that has a name for URLs, which no other item of its kind has."""

    slug: Annotated[str, Field(examples=["serverless-on-a-budget"])]

    def with_slug_suffix(self) -> Self:
        """Return the item under a longer slug, for when its own is taken."""
        return self.model_copy(update={"slug": f"{self.slug}-{self.id[:SLUG_SUFFIX_LENGTH]}"})


class ListQuery(ApiModel):
    """What a list can be asked for; each field that a kind adds is a facet of that name."""

    status: Annotated[StatusFilter, Field(description="`draft` and `all` are the owner's.")] = (
        StatusFilter.PUBLISHED
    )
    limit: Annotated[int, Field(ge=1, le=100, description="How many items to return.")] = 20
    offset: Annotated[int, Field(ge=0, description="How many items to skip.")] = 0

    @property
    def facets(self) -> frozenset[Facet]:
        """What every item listed must have."""
        added = type(self).model_fields.keys() - ListQuery.model_fields.keys()
        values = ((name, getattr(self, name)) for name in added)
        return frozenset(Facet.of(name, value) for name, value in values if value is not None)


class Page(ApiModel):
    """Where a page of a list stands in the whole."""

    total: Annotated[int, Field(description="How many items match, on all pages.", examples=[42])]
    limit: Annotated[int, Field(description="As asked for.", examples=[20])]
    offset: Annotated[int, Field(description="As asked for.", examples=[0])]
