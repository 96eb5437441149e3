"""Public keys of a user pool's tokens, as a JSON Web Key Set (RFC 7517)."""

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from threading import Lock
from typing import Final
from urllib.request import urlopen

from jose import jwk
from jose.backends.base import Key
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from src.utils.errors import ServiceUnavailableError

_TIMEOUT: Final = 2
"""Timeout of the request for the key set, in seconds: for each of its addresses and its answer."""

_PAUSE: Final = 60
"""Seconds after a key set was read until an unknown key id causes the next request.

Anyone can make up a key id.
"""

_PAUSE_AFTER_FAILURE: Final = 1
"""Seconds after a failed request until the next one; each failure can last as long as the timeout.

It is also the `Retry-After` of the answers in this time.
"""

_UNREADABLE: Final = (
    HTTPException,
    JOSEError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors of a request without a readable key set as its answer."""


class SigningKeys:
    """The keys of a pool, fetched on first use and kept."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Use the key set at this URL, and a clock in seconds."""
        self._url = url
        self._clock = clock
        self._lock = Lock()
        self._keys: Mapping[str, Key] = {}
        self._next_fetch = clock()
        self._has_failed = False

    def find(self, key_id: str) -> Key | None:
        """Return the key with this id, or None if the pool does not have it.

        Raises:
            ServiceUnavailableError: if the key set cannot be read, so the id stays unknown.
        """
        if key_id not in self._keys:
            with self._lock:
                self._fetch_if_due(key_id)
        return self._keys.get(key_id)

    def _fetch_if_due(self, key_id: str) -> None:
        if key_id in self._keys:
            return
        # A new container always asks: it knows no key, so each token needs the answer.
        if not self._keys or self._clock() >= self._next_fetch:
            self._fetch()
        elif self._has_failed:
            raise _unavailable()

    def _fetch(self) -> None:
        try:
            self._keys = _fetch_keys(self._url)
        except ServiceUnavailableError:
            self._has_failed = True
            self._next_fetch = self._clock() + _PAUSE_AFTER_FAILURE
            raise
        self._has_failed = False
        self._next_fetch = self._clock() + _PAUSE


def _fetch_keys(url: str) -> dict[str, Key]:
    try:
        with urlopen(url, timeout=_TIMEOUT) as response:  # noqa: S310 - from our own settings
            key_set = json.load(response)
        return {
            key["kid"]: jwk.construct(key, ALGORITHMS.RS256)
            for key in key_set["keys"]
            if key["kty"] == "RSA"
        }
    except _UNREADABLE as error:
        raise _unavailable() from error


def _unavailable() -> ServiceUnavailableError:
    return ServiceUnavailableError("Tokens cannot be checked right now: try again in a moment.")
