"""`portfolio owner` and `portfolio seed` as people type them, and what the API answers then."""

import json
import re
from typing import TYPE_CHECKING, Any

import httpx
from jose import jwt

from tests.commands import PORTFOLIO, run_command

if TYPE_CHECKING:
    import pexpect

    from portfolio.local.running_stages import RunningStage


POST = {"excerpt": "e", "content": "c", "category": "x", "tags": ["x"]}
"""A post that lacks a title."""


class OwnerCommands:
    """The commands on one local stage."""

    def __init__(self, stage: "RunningStage", first: str, password: str) -> None:
        from portfolio.local.clients import connect  # noqa: PLC0415 - seconds of imports

        self.first, self.password = first, password
        """The first owner's e-mail address and password."""

        self.url = f"http://localhost:{stage.port}"
        self.stage = stage
        self.options = ("--stack", "local", "--port", str(stage.port))
        self.cognito = connect(stage.emulator, stage.region).cognito
        self.pool = stage.outputs["user_pool_id"]

    def owner(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        return self.run("owner", *arguments, typed=typed, code=code)

    def run(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """Return the output of a command with this standard input, not a terminal."""
        finished = run_command(*arguments, *self.options, typed=typed)
        assert finished.code == code, finished
        return finished.printed

    def on_a_terminal(self, *arguments: str) -> "pexpect.spawn[str]":
        import pexpect  # noqa: PLC0415 - for two tests

        program, *command = [*PORTFOLIO, *arguments, *self.options]
        return pexpect.spawn(program, command, encoding="utf-8", timeout=60)

    def sign_in(self, email: str, password: str) -> httpx.Response:
        credentials = {"email": email, "password": password}
        with httpx.Client(base_url=self.url, timeout=35, trust_env=False) as client:
            return client.post("/auth/login", json=credentials)

    def user_of(self, email: str, password: str) -> dict[str, Any]:
        """Return what the site knows of a user who signs in."""
        token = self.sign_in(email, password).json()["id_token"]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=self.url, timeout=35, trust_env=False) as client:
            user: dict[str, Any] = client.get("/auth/me", headers=headers).json()
        return user

    def claims_of(self, email: str, password: str) -> dict[str, Any]:
        """Return the claims of the ID token of a user who signs in."""
        return jwt.get_unverified_claims(self.sign_in(email, password).json()["id_token"])

    def rows(self) -> dict[str, str]:
        """Return the rows of the list by the user's address."""
        lines = (line.strip() for line in self.owner("list").splitlines())
        return {line.split()[0]: line for line in lines if "@" in line and not line.startswith("!")}

    def users(self) -> dict[str, dict[str, Any]]:
        """Return the users of the list in JSON, by their address."""
        return {user["email"]: user for user in json.loads(self.owner("list", "--json"))}

    def line_of(self, email: str) -> str:
        """Return the row of a user, and the warning about them."""
        lines = self.owner("list").splitlines()
        return " ".join(line.strip() for line in lines if email in line.split())

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
        """The status of an attempt to write; what was written is deleted."""
        return self.post_with(self.sign_in(email, password).json()["id_token"])

    def post_with(self, token: str) -> int:
        """The status of an attempt to write with an ID token; what was written is deleted."""
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(
            base_url=self.url, headers=headers, timeout=35, trust_env=False
        ) as client:
            answer = client.post("/blogs", json={"title": "By an owner", **POST})
            if answer.is_success:
                assert client.delete(f"/blogs/{answer.json()['id']}").is_success
        return answer.status_code

    def post_after_refresh(self, refresh_token: str) -> int:
        """The status of a refresh if it is refused, else that of an attempt to write."""
        with httpx.Client(base_url=self.url, timeout=35, trust_env=False) as client:
            answer = client.post("/auth/refresh", json={"refresh_token": refresh_token})
        if answer.is_error:
            return answer.status_code
        return self.post_with(answer.json()["id_token"])


def told_password(printed: str) -> str:
    found = re.search(r"^Password: (\S+)$", printed, re.MULTILINE)
    assert found, printed
    return found[1]
