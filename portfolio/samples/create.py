"""Write the sample content through the API, as an owner."""

from collections.abc import Sequence
from typing import Any, Final, cast

import httpx

from infra.errors import SampleError
from portfolio.samples.kinds import SampleKind, read_sample_kinds

_PAGE: Final = 100
"""Maximum number of items on a page of the API."""

_SHOWN: Final = 80
"""Maximum number of characters shown of an unexpected answer."""

_LOCAL: Final = ("127.0.0.1", "localhost")


class SampleWriter:
    """A client of the API, signed in."""

    def __init__(self, client: httpx.Client, page: int = _PAGE) -> None:
        """Use a client with the API's address, and pages of this size."""
        self._client, self._page = client, page

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as this owner.

        Raises:
            SampleError: if the API refuses the password, or does not answer.
        """
        credentials = {"email": email, "password": password}
        answer = self._send("POST", "/auth/login", credentials, has=("id_token",))
        self._client.headers["Authorization"] = f"Bearer {answer['id_token']}"

    def write(self) -> int:
        """Create and publish the missing samples, and return their number.

        An existing item with a sample's name is not changed. A sample is also published if an
        earlier run was interrupted before that.

        Raises:
            SampleError: if the API refuses a request.
        """
        return sum(map(self._write_kind, read_sample_kinds()))

    def _write_kind(self, kind: SampleKind) -> int:
        there = self._items(kind)
        return sum(
            self._write_item(kind, item, there.get(item[kind.name_key]), publish=publish)
            for items, publish in ((kind.published, True), (kind.drafts, False))
            for item in items
        )

    def _write_item(
        self, kind: SampleKind, item: dict[str, Any], known: dict[str, Any] | None, *, publish: bool
    ) -> bool:
        if known and not (publish and known["status"] == "DRAFT" and known | item == known):
            return False
        created = known or self._send("POST", kind.path, item, has=("id",))
        if publish:
            self._send("POST", f"{kind.path}/{created['id']}/publish")
        return True

    def _items(self, kind: SampleKind) -> dict[str, dict[str, Any]]:
        """Return all items of a kind by their names."""
        found: list[dict[str, Any]] = []
        total = 1
        while len(found) < total:
            query = f"status=all&limit={self._page}&offset={len(found)}"
            page = self._send("GET", f"{kind.path}?{query}", has=("items", "total"))
            items = page["items"]
            found += items
            # Something may be deleted between two pages.
            total = page["total"] if items else 0
        return {item[kind.name_key]: item for item in found}

    def _send(
        self, method: str, path: str, body: object = None, *, has: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Return the API's answer; it must have these keys."""
        try:
            response = self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            address = self._client.base_url
            raise SampleError(f"{address} does not answer: {error}") from None
        if not response.is_success:
            raise SampleError(f"{method} {path} answered {response.status_code}: {_why(response)}")
        answer = _read(response)
        if answer is None or not answer.keys() >= set(has):
            raise SampleError(
                f"{response.url} answered {response.status_code}, "
                f"but not like the API ({_begin(response)}). Check the API's address."
            )
        return answer


def create_samples(api_url: str, email: str, password: str) -> int:
    """Write the sample content to the API at this address, and return the number of new items.

    Raises:
        SampleError: if the API does not answer as it should.
    """
    # Use the machine's proxy only for a stage in AWS.
    proxied = httpx.URL(api_url).host not in _LOCAL
    with httpx.Client(base_url=api_url, timeout=35, trust_env=proxied) as client:
        writer = SampleWriter(client)
        writer.sign_in(email, password)
        return writer.write()


def _read(response: httpx.Response) -> dict[str, Any] | None:
    """Return the JSON object of an answer, or None."""
    try:
        answer: object = response.json()
    except ValueError:
        return None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else None


def _why(response: httpx.Response) -> str:
    """Return the API's message, or the beginning of another answer."""
    if response.has_redirect_location:
        return f"{response.url} leads to {response.headers['Location']}"
    return (_read(response) or {}).get("message") or _begin(response)


def _begin(response: httpx.Response) -> str:
    """Return the beginning of an answer, on one line."""
    text = " ".join(response.text.split())
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text or "nothing"
