"""An AWS on loopback that answers with errors, and a Pulumi CLI for the stage in front of it."""

import json
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, override

ACCOUNT: Final = "111111111111"
"""The account allowed by `Pulumi.dev.yaml` and `Pulumi.preview.yaml`."""

_STATE: Final = json.dumps({"deployment": {"resources": []}})
_OUTPUTS: Final = json.dumps(
    {
        "access_log_group": "/access",
        "api_url": "http://127.0.0.1:9",
        "function_name": "function",
        "log_group": "/function",
        "user_pool_id": "us-east-1_Pool00000",
    }
)
_STACKS: Final = json.dumps([{"name": "pr-7", "current": False, "updateInProgress": False}])
_PULUMI: Final = f"""#!/bin/sh
case "$*" in
    *"stack export "*) echo '{_STATE}' ;;
    *"stack ls "*) echo '{_STACKS}' ;;
    *"stack output "*) echo '{_OUTPUTS}' ;;
    *version*) echo v3.999.0 ;;
    *) echo "error: unexpected: $*" >&2; exit 1 ;;
esac
"""


@dataclass(frozen=True)
class Refusal:
    """An error of AWS's."""

    code: str
    message: str


@dataclass
class RefusingAws:
    """The endpoint, and the services that answer with an error."""

    endpoint: str
    refusal: Refusal | None = None
    trusted: set[str] = field(default_factory=set[str])
    """The services that answer as they should: only `sts` can."""


@contextmanager
def serve_refusing_aws() -> Generator[RefusingAws]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        aws = server.aws
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield aws
        finally:
            server.shutdown()
            thread.join()


def variables(folder: Path, endpoint: str, sts: str) -> dict[str, str | None]:
    """Return the environment of a command: credentials, endpoints, and a `pulumi` on PATH."""
    pulumi = folder / "pulumi"
    pulumi.write_text(_PULUMI)
    pulumi.chmod(0o755)
    return {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_STS": sts,
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PROFILE": None,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SESSION_TOKEN": None,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
    }


class _Server(ThreadingHTTPServer):
    @cached_property
    def aws(self) -> RefusingAws:
        return RefusingAws(f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    """Answers every request in the service's format: XML for STS, JSON for the others."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        assert isinstance(self.server, _Server)
        aws = self.server.aws
        scope = re.search(r"Credential=\w+/\d+/[\w-]+/([\w-]+)/", self.headers["Authorization"])
        assert scope
        service = scope[1]
        if service in aws.trusted:
            body = (
                "<GetCallerIdentityResponse><GetCallerIdentityResult>"
                f"<Account>{ACCOUNT}</Account>"
                "</GetCallerIdentityResult></GetCallerIdentityResponse>"
            )
            self._send(200, "text/xml", body)
            return
        assert aws.refusal
        code, message = aws.refusal.code, aws.refusal.message
        if service == "sts":
            error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            self._send(400, "text/xml", f"<ErrorResponse>{error}</ErrorResponse>")
        else:
            body = json.dumps({"__type": code, "message": message})
            self._send(400, "application/json", body, code)

    def _send(self, status: int, kind: str, body: str, error: str = "") -> None:
        content = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if error:
            self.send_header("x-amzn-errortype", error)
        self.end_headers()
        self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
