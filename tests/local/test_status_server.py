"""The port of the status page, and requests that it refuses."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from infra.errors import LocalStageError
from portfolio.local.emulator import free_port
from portfolio.local.listeners import listen, listen_beside
from portfolio.stage_access import open_stage
from tests.local.raw_http import Answer, send
from tests.local_stage import ServedStage


@dataclass(frozen=True)
class Pages:
    """The status page as a browser knows it that has opened a link."""

    port: int
    path: str
    """The first part of each path."""

    cookie: str
    """The line with the browser's cookie."""

    def send(self, path: str, *headers: str, method: str = "GET", host: str = "") -> Answer:
        """Send a request to a path below the first part, by default with the right host."""
        target, host = f"{self.path}{path}", host or f"localhost:{self.port}"
        return send(self.port, target, *headers, method=method, host=host)


def open_link(link: str, *headers: str, method: str = "GET") -> Answer:
    """Open a link in a new browser."""
    url = urlsplit(link)
    return send(url.port or 0, url.path, *headers, method=method, host=url.netloc)


@pytest.fixture
def pages(local_stage: ServedStage) -> Pages:
    url = urlsplit(local_stage.status_url)
    cookie = open_link(local_stage.status_link).headers["Set-Cookie"].partition(";")[0]
    return Pages(url.port or 0, url.path, f"Cookie: {cookie}")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_the_names_of_this_machine_are_accepted(pages: Pages, name: str) -> None:
    answer = pages.send("/style.css", pages.cookie, host=f"{name}:{pages.port}")
    assert answer.status == 200


@pytest.mark.parametrize(
    "host", ["attacker.example:{port}", "localhost", "localhost:1", "localhost:{port}.example", ""]
)
def test_another_host_is_refused(local_stage: ServedStage, pages: Pages, host: str) -> None:
    link = urlsplit(local_stage.status_link).path.removeprefix(pages.path)
    for path in ("/table", link):
        answer = send(
            pages.port, f"{pages.path}{path}", pages.cookie, host=host.format(port=pages.port)
        )
        advice = f"Open http://localhost:{pages.port} instead.\n"
        assert (answer.status, answer.body.decode()) == (403, advice)


def test_two_hosts_are_refused(pages: Pages) -> None:
    assert pages.send("/", "Host: attacker.example", pages.cookie).status in {400, 403}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 405),
        ("DELETE", "/table", 405),
        ("HEAD", "/style.css", 200),
        ("GET", "/x", 404),
    ],
)
def test_pages_are_only_read(pages: Pages, method: str, path: str, status: int) -> None:
    answer = pages.send(path, pages.cookie, method=method)
    assert answer.status == status
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_link_opens_the_pages_in_one_browser(local_stage: ServedStage) -> None:
    link = local_stage.status_link
    assert len(f"Status page: {link}") <= 80
    for method in ("HEAD", "POST"):
        assert open_link(link, method=method).status == 403
    entered = open_link(link)
    assert (entered.status, entered.headers["Referrer-Policy"]) == (200, "no-referrer")
    cookie, *limits = entered.headers["Set-Cookie"].split("; ")
    path = urlsplit(local_stage.status_url).path
    assert sorted(limits) == ["HttpOnly", f"Path={path}/", "SameSite=Strict"]
    # The browser may go back to it; another one may not.
    assert open_link(link, f"Cookie: {cookie}").status == 200
    other = open_link(link)
    assert (other.status, "Set-Cookie" in other.headers) == (403, False)
    assert b"bin/portfolio open status --stack local" in other.body
    assert open_link(local_stage.status_link).status == 200


@pytest.mark.parametrize("path", ["/", "/table", "/users", "/requests", "/style.css", "/x"])
def test_without_the_cookie_each_page_is_refused(pages: Pages, path: str) -> None:
    name, _, value = pages.cookie.removeprefix("Cookie: ").partition("=")
    wrong = (
        f"{name}=",
        f"{name}={value[:-1]}",
        f"{name}={value}x",
        f"x{name}={value}",
        f"{name}=é",
    )
    for sent in ((), *((f"Cookie: {each}",) for each in wrong)):
        answer = pages.send(path, *sent)
        assert (answer.status, b"bin/portfolio open" in answer.body) == (403, True), sent
        # Nor does the path appear, which a browser sends the cookie to.
        assert pages.path.encode() not in answer.body


@pytest.mark.parametrize(
    "guess",
    ["", "x", ".", "{name}", "{name}.", "{name}x.{sign}", "x.{sign}", "{name}.{swapped}", "../"],
)
def test_what_only_looks_like_a_link_is_refused(local_stage: ServedStage, guess: str) -> None:
    start, _, ticket = local_stage.status_link.rpartition("/")
    name, _, sign = ticket.partition(".")
    path = guess.format(name=name, sign=sign, swapped=sign.swapcase())
    answer = open_link(f"{start}/{path}")
    assert (answer.status, "Set-Cookie" in answer.headers) == (403, False)


def test_no_description_shows_the_secret(local_stage: ServedStage) -> None:
    secret = local_stage.running.status_secret
    assert secret
    assert secret not in f"{local_stage.running} {open_stage('local', local_stage.port)}"
    assert secret not in local_stage.status_link


def test_the_port_after_the_apis_is_the_default() -> None:
    port = free_port()
    with listen_beside(port - 1, None) as (chosen, sockets):
        assert chosen == port
        assert {each.getsockname()[1] for each in sockets} == {port}
        with listen_beside(port - 1, None) as (other, _):
            assert other != port
    with listen_beside(65535, None) as (last, _):
        assert last < 65535


def test_a_chosen_port_in_use_is_one_clear_line() -> None:
    port = free_port()
    with (
        listen(port),
        pytest.raises(LocalStageError, match=rf"^Port {port} is in use: .* --status-port \d+\.$"),
        listen_beside(8000, port),
    ):
        pass


def test_the_advice_is_a_free_port() -> None:
    with listen_beside(free_port(), None) as (port, _), listen_beside(port, None) as (second, _):
        with pytest.raises(LocalStageError, match="is in use") as refused, listen(port):
            pass
        advised = int(str(refused.value).rpartition("=")[2].rstrip("."))
        assert advised not in {port, second}
        with listen(advised):
            pass
