"""Links to the status page: each opens it in one browser, once.

Other users of the machine can read a browser's command line, with the link in it. So a used link
is worthless. A cookie admits the browser from then on.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import Request

_COOKIE: Final = "status"
_ENTER: Final = "/enter/"
_SIGNED_BYTES: Final = 12
"""Bytes of a link's signature: a link fits into 80 columns."""


def create_address(port: int) -> str:
    """Return a new address for the pages on a port, with a random path.

    Browsers send a cookie to all ports of a host, also to other users' servers. They send it to
    this path alone, and nobody else knows the path.
    """
    return f"http://localhost:{port}/{secrets.token_urlsafe(8)}"


def make_link(address: str, secret: str) -> str:
    """Return a new link.

    Args:
        address: the address of the pages.
        secret: the secret of the stage's entrance.
    """
    name = secrets.token_urlsafe(6)
    return f"{address}{_ENTER}{name}.{_sign(secret, f'link {name}')}"


class Entrance:
    """Admits browsers that have opened a link."""

    def __init__(self, address: str, secret: str) -> None:
        """Admit browsers to an address.

        Args:
            address: the address of the pages.
            secret: a random text; it signs the links and is not in them.
        """
        self.path = urlsplit(address).path
        """The path of the pages, without a slash at the end."""

        self._secret = secret
        self._cookie = _sign(secret, "cookie")
        self._used: set[str] = set()

    def has_admitted(self, request: "Request") -> bool:
        """Return True for a browser with the cookie."""
        sent = request.cookies.get(_COOKIE, "")
        return hmac.compare_digest(sent.encode(), self._cookie.encode())

    def is_link(self, request: "Request") -> bool:
        """Return True for the path of a link, valid or not."""
        return request.scope["path"].startswith(f"{self.path}{_ENTER}")

    def redeem(self, request: "Request") -> bool:
        """Use up a link; return False if it is not valid, or not any more."""
        name, _, signature = request.scope["path"].rpartition("/")[2].partition(".")
        expected = _sign(self._secret, f"link {name}")
        is_new = request.method == "GET" and name not in self._used
        if not (is_new and hmac.compare_digest(signature.encode(), expected.encode())):
            return False
        self._used.add(name)
        return True

    def cookie(self) -> str:
        """Return the value of `Set-Cookie`: scripts and other sites cannot use the cookie."""
        return f"{_COOKIE}={self._cookie}; Path={self.path}/; HttpOnly; SameSite=Strict"


def _sign(secret: str, text: str) -> str:
    digest = hmac.digest(secret.encode(), text.encode(), "sha256")
    return urlsafe_b64encode(digest[:_SIGNED_BYTES]).decode()
