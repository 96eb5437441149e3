"""Bad tokens: no route takes one, and public routes answer as if there were none."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import httpx

from tests.backend.token_forms import make_http_tokens
from tests.contract.test_contract_errors import OWNERS_CALLS, USERS_CALLS
from tests.local.pool_tokens import make_owner_claims, read_pool_key
from tests.local_stage import serve_guarded_stage, serve_local_stage
from tests.reliability.figures import Row

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

_PUBLIC = (
    "/health",
    "/blogs",
    "/projects",
    "/certifications",
    "/blogs/categories",
    "/visitors/count",
)


def measure() -> Iterator[Row]:
    """Send every form of a bad token to every route of two stages."""
    with serve_local_stage() as served:
        yield send_where_needed(served, "routes that need a token", {401})
        yield send_where_none_is_needed(served)
        with serve_guarded_stage(served) as guarded:
            # The emulator's authorizer fails at claims of a wrong type.
            yield send_where_needed(guarded, "the same behind the authorizer", {401, 500})


def send_where_needed(served: "ServedStage", name: str, refusals: Collection[int]) -> Row:
    """Send all forms to each route with a required token."""
    row, forms = Row(name), make_http_tokens(read_pool_key(served), make_owner_claims(served))
    with httpx.Client(base_url=served.url, timeout=35, trust_env=False) as client:
        for method, path in (*OWNERS_CALLS, *USERS_CALLS):
            for form in forms:
                headers = {b"Authorization": form.authorization}
                with row.case(f"{method} {path} {form.name}"):
                    status = client.request(method, path, headers=headers).status_code
                    assert status in refusals, status
    return row


def send_where_none_is_needed(served: "ServedStage") -> Row:
    """Send all forms to public reads; the answers are those without a token."""
    row = Row("public routes")
    forms = make_http_tokens(read_pool_key(served), make_owner_claims(served))
    with httpx.Client(base_url=served.url, timeout=35, trust_env=False) as client:
        for path in _PUBLIC:
            public = client.get(path)
            for form in forms:
                with row.case(f"{path} {form.name}"):
                    answer = client.get(path, headers={b"Authorization": form.authorization})
                    assert (answer.status_code, answer.json()) == (200, public.json())
    return row
