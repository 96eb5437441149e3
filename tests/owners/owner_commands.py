"""`portfolio owner` and `portfolio seed` as people type them, and what the API thinks of it."""

import re
import subprocess
import sys

import httpx
import pexpect

from infra.local.clients import connect
from infra.local.running import find_running

FIRST = "owner@example.com"
"""Whom `make up` makes."""

_PORTFOLIO = (sys.executable, "-m", "infra.cli")


class OwnerCommands:
    """The commands on one local stage."""

    def __init__(self, url: str) -> None:
        port = httpx.URL(url).port or 0
        self.url = url
        self.stage = find_running(port)
        self.options = ("--stack", "local", "--port", str(port))
        self.cognito = connect(self.stage.emulator, self.stage.region).cognito
        self.pool = self.stage.outputs["user_pool_id"]

    def owner(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        return self.run("owner", *arguments, typed=typed, code=code)

    def run(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """What a command prints when this is its standard input, which is no terminal."""
        finished = subprocess.run(
            [*_PORTFOLIO, *arguments, *self.options],
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = finished.stdout + finished.stderr
        assert finished.returncode == code, printed
        assert "Traceback" not in printed
        return printed

    def on_a_terminal(self, *arguments: str) -> "pexpect.spawn[str]":
        command = [*_PORTFOLIO[1:], *arguments, *self.options]
        return pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=60)

    def sign_in(self, email: str, password: str) -> httpx.Response:
        credentials = {"email": email, "password": password}
        with httpx.Client(base_url=self.url, timeout=35, trust_env=False) as client:
            return client.post("/auth/login", json=credentials)

    def start_session(self, email: str, password: str) -> str:
        """Sign in with Cognito itself, and return the token that the session goes on with."""
        answer = self.cognito.initiate_auth(
            ClientId=self.stage.outputs["user_pool_client_id"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return answer["AuthenticationResult"].get("RefreshToken", "")

    def go_on(self, session: str) -> None:
        """Get further tokens for a session; Cognito refuses where it is over."""
        self.cognito.initiate_auth(
            ClientId=self.stage.outputs["user_pool_client_id"],
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": session},
        )

    def post_as(self, email: str, password: str) -> int:
        """The status of an attempt to write."""
        token = self.sign_in(email, password).json()["token"]
        post = {
            "title": f"By {email}",
            "excerpt": "e",
            "content": "c",
            "category": "x",
            "tags": ["x"],
        }
        with httpx.Client(base_url=self.url, timeout=35, trust_env=False) as client:
            headers = {"Authorization": f"Bearer {token}"}
            return client.post("/blog/posts", json=post, headers=headers).status_code


def told_password(printed: str) -> str:
    found = re.search(r"^Password: (\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]
