"""Base classes of all kinds of content."""

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, NamedTuple, Self, cast, override

from pydantic import BeforeValidator, ConfigDict, Field, create_model, model_validator

from src.models.base import ApiModel, InputModel
from src.models.fields import tidy
from src.models.parameters import PLAIN_DIGITS, lower
from src.models.times import Timestamp

SLUG_SUFFIX_LENGTH: Final = 8


ContentId = Annotated[str, Field(examples=["0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"])]


class Status(StrEnum):
    """The status of an item: visible to everyone, or only to the owner."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"


class StatusFilter(StrEnum):
    """The items of a list, by status."""

    PUBLISHED = "published"
    DRAFT = "draft"
    ALL = "all"

    @classmethod
    def of(cls, status: Status) -> Self:
        """Return the filter for the items of a status."""
        return cls[status.name]

    @property
    def statuses(self) -> frozenset[Status]:
        """The statuses of the items in the list."""
        return frozenset(Status) if self is self.ALL else frozenset({Status[self.name]})


class Facet(NamedTuple):
    """A filter and a value of an item, such as the tag `python`."""

    name: str
    value: str

    @classmethod
    def of(cls, name: str, value: str | bool) -> Self:  # noqa: FBT001 - any field's value
        """Return the facet of a field's value; a boolean becomes `true` or `false`."""
        return cls(name, str(value).lower() if isinstance(value, bool) else value)

    @override
    def __str__(self) -> str:
        """Return name and value as one text, unique because a name has no `#`."""
        return f"{self.name}#{self.value}"


class ContentInput(InputModel):
    """The fields of an item to create; None means unset.

    Texts are tidied before they are validated: the same text in two encodings, or with a blank at
    its end, would be two values of a filter.
    """

    model_config = ConfigDict(str_min_length=0)

    untrimmed: ClassVar[frozenset[str]] = frozenset()
    """Keys of the texts with blanks to keep at both ends."""

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, body: object) -> object:
        if not isinstance(body, dict):
            return body
        sent = cast("dict[str, object]", body)
        return {key: tidy(value, trimmed=key not in cls.untrimmed) for key, value in sent.items()}


def partial(model: type[ContentInput], name: str) -> type[ContentInput]:
    """Return the model of a partial update: the same fields, none of them required.

    A field that is sent obeys the same rules: null and an empty text unset it, unless it is
    required. `model_fields_set` has the fields sent.
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
    # A factory, because the schema would show a plain default.
    return (Annotated[field.annotation, field], Field(default_factory=lambda: None))


class Content(ApiModel):
    """An item of any kind."""

    id: ContentId
    status: Status
    created_at: Timestamp
    updated_at: Timestamp
    published_at: Annotated[
        Timestamp | None, Field(description="Time of the first publication; null before it.")
    ]

    @classmethod
    def draft(cls, content_id: str, fields: ContentInput, now: datetime) -> Self:
        """Return a new draft with the fields sent by a client."""
        sent = fields.model_dump(by_alias=False)
        values = sent | cls._defaults_of(sent, sent, now)
        return cls.model_validate(
            {
                **values,
                **cls.initial(values),
                **cls.derived(values),
                "id": content_id,
                "status": Status.DRAFT,
                "created_at": now,
                "updated_at": now,
                "published_at": None,
            }
        )

    @classmethod
    def defaults(cls, _values: Mapping[str, object], _now: datetime) -> dict[str, object]:
        """Return the values of unset fields; the others are then None.

        Args:
            _values: the fields of the item.
            _now: the time of the write.
        """
        return {}

    @classmethod
    def _defaults_of(
        cls, sent: Mapping[str, object], values: Mapping[str, object], now: datetime
    ) -> dict[str, object]:
        """Return the defaults of the fields sent as unset."""
        return {
            name: value
            for name, value in cls.defaults(values, now).items()
            if name in sent and sent[name] is None
        }

    @classmethod
    def initial(cls, _values: Mapping[str, object]) -> dict[str, object]:
        """Return the fields set by the server on creation, and kept after."""
        return {}

    @classmethod
    def derived(cls, _values: Mapping[str, object]) -> dict[str, object]:
        """Return the fields computed from those sent, on creation and on every edit."""
        return {}

    def edit(self, changes: ContentInput, now: datetime) -> Self:
        """Return the item with the fields sent; the same object if none was sent."""
        sent = changes.model_dump(by_alias=False, exclude_unset=True)
        if not sent:
            return self
        values = sent | self._defaults_of(sent, dict(self) | sent, now)
        return self.model_copy(update={**values, **self.derived(values), "updated_at": now})

    def publish(self, now: datetime) -> Self:
        """Return the item visible to everyone; the same object if it is already."""
        published = self._with_status(Status.PUBLISHED, now)
        if published.published_at:
            return published
        return published.model_copy(update={"published_at": now})

    def unpublish(self, now: datetime) -> Self:
        """Return the item visible to the owner only; the same object if it is already."""
        return self._with_status(Status.DRAFT, now)

    def _with_status(self, status: Status, now: datetime) -> Self:
        if self.status is status:
            return self
        return self.model_copy(update={"status": status, "updated_at": now})


class SluggedContent(Content):
    """An item with a name for URLs, unique among the items of its kind."""

    slug: Annotated[str, Field(examples=["serverless-on-a-budget"])]

    def with_slug_suffix(self) -> Self:
        """Return the item with a longer slug, if its own is taken."""
        return self.model_copy(update={"slug": f"{self.slug}-{self.id[:SLUG_SUFFIX_LENGTH]}"})


class ListQuery(ApiModel):
    """Filters and page of a list; each field added by a kind is the facet of its name."""

    status: Annotated[
        StatusFilter,
        BeforeValidator(lower),
        Field(description="In any case; `draft` and `all` are for the owner only."),
    ] = StatusFilter.PUBLISHED
    limit: Annotated[
        int, Field(ge=1, le=100, description="Maximum number of items to return."), PLAIN_DIGITS
    ] = 100
    offset: Annotated[int, Field(ge=0, description="Number of items to skip."), PLAIN_DIGITS] = 0

    @property
    def facets(self) -> frozenset[Facet]:
        """Facets of every item in the list."""
        added = type(self).model_fields.keys() - ListQuery.model_fields.keys()
        values = ((name, getattr(self, name)) for name in added)
        return frozenset(Facet.of(name, value) for name, value in values if value is not None)


class Page[ItemT: Content](ApiModel):
    """A page of a list."""

    items: Annotated[list[ItemT], Field(description="The page ends early above 4 MiB.")]
    count: Annotated[
        int, Field(description="Number of items on this page: add it to `offset`.", examples=[1])
    ]
    total: Annotated[
        int, Field(description="Number of matching items on all pages.", examples=[42])
    ]
    limit: Annotated[int, Field(description="As in the request.", examples=[100])]
    offset: Annotated[int, Field(description="As in the request.", examples=[0])]
    last_evaluated_key: Annotated[
        str | None,
        Field(description="Always null: use `offset` to read the next page.", examples=[None]),
    ]


def page_of[ItemT: Content](model: type[ItemT]) -> type[Page[ItemT]]:
    """Return the page of a kind's list, with a name for the schema: `PostPage` of `Post`."""
    return create_model(f"{model.__name__}Page", __base__=Page[model], __doc__=Page.__doc__)
