"""Operations shared by all kinds of content."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import accumulate
from typing import Annotated, Any, Final

from fastapi import Body, Depends, Path, Query
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from src.api.caching import keep_from_caches
from src.api.routing import ApiRouter, error_responses
from src.dependencies import CallerDependency, OwnerPrincipal, TableDependency
from src.models.content import (
    Content,
    ContentInput,
    ListQuery,
    Page,
    Status,
    StatusFilter,
    page_of,
)
from src.repositories.content import ContentRepository
from src.repositories.content_index import ContentKind

MAX_PAGE_BYTES: Final = 4 * 1024 * 1024
"""Limit of the body of a list; a Lambda function can answer 6 MB.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

_GUARDED: Final = error_responses(HTTPStatus.FORBIDDEN)
_MISSING: Final = error_responses(HTTPStatus.NOT_FOUND)

_WITH_DRAFTS: Final = frozenset(StatusFilter) - {StatusFilter.PUBLISHED}

type _Endpoint = Callable[..., object]
type _Repository = ContentRepository[Any]

IdParameter = Annotated[
    str,
    Path(
        alias="id",
        description="The item's id.",
        examples=["0b8f1c1e-5c1d-4f0e-9a51-3f6f3c0f5f52"],
    ),
]
"""The id of an item in a path."""


@dataclass(frozen=True, kw_only=True)
class ContentApi[ItemT: Content]:
    """A kind of content as clients see it: its names, its bodies and its routes."""

    kind: ContentKind[ItemT]
    """The kind as the table stores it."""

    router: ApiRouter
    """Its routes: the shared ones, and its own."""

    path: str
    """Path of its list, such as `/blogs`."""

    plural: str
    """Its name in operation ids: `posts`."""

    tag: str
    """Name of its group of operations in the OpenAPI schema."""

    description: str
    """Description of its group of operations in the OpenAPI schema."""

    content_type: str
    """Its name in analytics: `blog`."""

    top_key: str
    """Its key in the top list of analytics: `blogs`."""

    create: type[ContentInput]
    update: type[ContentInput]
    query: type[ListQuery]

    def __post_init__(self) -> None:
        """Put the routes of the router into the group."""
        self.router.tags.append(self.tag)


def repository_of[ItemT: Content](
    kind: ContentKind[ItemT],
) -> Callable[..., Awaitable[ContentRepository[ItemT]]]:
    """Return the dependency for the repository of a kind."""

    async def get_repository(table: TableDependency) -> ContentRepository[ItemT]:
        return ContentRepository(kind, table)

    return get_repository


def add_content_routes[ItemT: Content](api: ContentApi[ItemT]) -> None:
    """Add the seven shared operations to the router of a kind."""
    page = page_of(api.kind.model)
    endpoints, router, base = _Endpoints(page), api.router, api.path
    one, many, item = api.kind.name, api.plural, f"{base}/{{id}}"
    repository = Annotated[ContentRepository[Any], Depends(repository_of(api.kind))]
    query = Annotated[api.query, Query()]
    # A missing body is allowed, and changes nothing.
    update = Annotated[api.update, Body(default_factory=api.update)]
    bind = partial(_annotate, repository=repository)

    item_model: Any = {"response_model": api.kind.model}
    guarded: Any = {"responses": _GUARDED}
    on_item: Any = {"responses": _GUARDED | _MISSING}

    find = bind(endpoints.find, query=query)
    listed: Any = {"response_model": page, "dependencies": [Depends(judge_token_first)]}
    router.public_get(base, name=f"list_{many}", **listed, **guarded)(find)
    create, new = bind(endpoints.create, body=api.create), HTTPStatus.CREATED
    router.post(base, name=f"create_{one}", status_code=new, **item_model, **guarded)(create)
    get = bind(endpoints.get)
    router.public_get(item, name=f"get_{one}", responses=_MISSING, **item_model)(get)
    edit = bind(endpoints.edit, body=update)
    router.put(item, name=f"update_{one}", **item_model, **on_item)(edit)
    delete, gone = bind(endpoints.delete), HTTPStatus.NO_CONTENT
    router.delete(item, name=f"delete_{one}", status_code=gone, **on_item)(delete)
    publish, unpublish = bind(endpoints.publish), bind(endpoints.unpublish)
    router.post(f"{item}/publish", name=f"publish_{one}", **item_model, **on_item)(publish)
    router.post(f"{item}/unpublish", name=f"unpublish_{one}", **item_model, **on_item)(unpublish)


def show[ItemT: Content](item: ItemT, response: Response) -> ItemT:
    """Return an item for the answer of a public read; caches may not keep a draft."""
    if item.status is Status.DRAFT:
        keep_from_caches(response)
    return item


async def judge_token_first(request: Request, caller: CallerDependency) -> None:
    """Require the owner for a list with drafts even if another parameter is wrong.

    Raises:
        UnauthorizedError: if the caller has no valid token.
        ForbiddenError: if the caller is not the owner.
    """
    if request.query_params.get("status", "").lower() in _WITH_DRAFTS:
        # In a thread: it may read the signing keys.
        await run_in_threadpool(caller.require_owner)


class _Endpoints[ItemT: Content]:
    """The endpoints of a kind, with the annotations shared by all kinds."""

    def __init__(self, page: type[Page[ItemT]]) -> None:
        self._page = page

    def find(
        self,
        query: ListQuery,
        caller: CallerDependency,
        repository: _Repository,
        response: Response,
    ) -> Page[ItemT]:
        """List the items matching every filter, newest first; a page above 4 MiB ends early."""
        if query.status is not StatusFilter.PUBLISHED:
            caller.require_owner()
            keep_from_caches(response)
        found = repository.find(query)
        page = self._page(
            items=found.items,
            count=len(found.items),
            total=found.total,
            limit=query.limit,
            offset=query.offset,
            last_evaluated_key=None,
        )
        return _fit(page)

    def create(self, body: ContentInput, _owner: OwnerPrincipal, repository: _Repository) -> ItemT:
        """Create a draft."""
        return repository.create(body)

    def get(
        self,
        content_id: IdParameter,
        caller: CallerDependency,
        repository: _Repository,
        response: Response,
    ) -> ItemT:
        """Return an item; only the owner sees a draft."""
        return show(repository.get(content_id, drafts=caller.is_owner), response)

    def edit(
        self,
        content_id: IdParameter,
        body: ContentInput,
        _owner: OwnerPrincipal,
        repository: _Repository,
    ) -> ItemT:
        """Change the fields sent, and no others."""
        return repository.edit(content_id, body)

    def delete(
        self, content_id: IdParameter, _owner: OwnerPrincipal, repository: _Repository
    ) -> None:
        """Delete an item permanently."""
        repository.delete(content_id)

    def publish(
        self, content_id: IdParameter, _owner: OwnerPrincipal, repository: _Repository
    ) -> ItemT:
        """Make an item visible to everyone; do nothing if it is already."""
        return repository.publish(content_id)

    def unpublish(
        self, content_id: IdParameter, _owner: OwnerPrincipal, repository: _Repository
    ) -> ItemT:
        """Make an item visible to the owner only; do nothing if it is already."""
        return repository.unpublish(content_id)


def _fit[ItemT: Content](page: Page[ItemT]) -> Page[ItemT]:
    """Return a page with as many of its items as the limit of its size allows, but one at least."""
    rest = MAX_PAGE_BYTES - len(to_json(page.model_copy(update={"items": []})))
    ends = accumulate(len(to_json(item)) + len(",") for item in page.items)
    # The last item has no comma.
    fitting = sum(end - len(",") <= rest for end in ends)
    items = page.items[: max(fitting, 1)]
    return page.model_copy(update={"items": items, "count": len(items)})


def _annotate(endpoint: _Endpoint, **annotations: object) -> _Endpoint:
    """Return the endpoint with other annotations for FastAPI to read."""
    signature = inspect.signature(endpoint)
    parameters = [
        parameter.replace(annotation=annotations.get(name, parameter.annotation))
        for name, parameter in signature.parameters.items()
    ]

    def annotated(**arguments: object) -> object:
        return endpoint(**arguments)

    annotated.__doc__ = endpoint.__doc__
    annotated.__signature__ = signature.replace(parameters=parameters)
    return annotated
