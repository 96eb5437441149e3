"""`portfolio invoke`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from infra.errors import CommandLineError
from portfolio.commands.options import (
    Body,
    Method,
    PasswordStdin,
    Port,
    RequestPath,
    begin,
    stack_option,
)

if TYPE_CHECKING:
    from portfolio.stage_access import StageAccess
    from portfolio.terminal import Terminal

_LOCAL: Final = "local"
_OWNER: Final = "owner"

_Stack = Annotated[
    str,
    stack_option("The stage: local (make up), dev, pr-12 …"),
]
_User = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="USER",
        help="Sign in first: owner for the local stage's owner, or an e-mail address.",
    ),
]
_Direct = Annotated[
    bool, typer.Option("--direct", help="Invoke the function itself, without the gateway.")
]
_Event = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="With --direct: the event to send, instead of a request."),
]


def invoke(
    method: Method = "",
    path: RequestPath = "",
    *,
    stack: _Stack = _LOCAL,
    body: Body = None,
    user: _User = None,
    password_stdin: PasswordStdin = False,
    direct: _Direct = False,
    event: _Event = None,
    port: Port = None,
) -> None:
    """Send a request to a stage's API, and print the answer.

    The body is printed on standard output; status, duration and request id on standard error.
    The exit code is 1 for a status of 400 or more.

    Examples:
        portfolio invoke GET /blogs
        portfolio invoke GET /auth/me --as owner
        portfolio invoke GET /blogs --stack dev --direct
        portfolio invoke --direct --event event.json
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.invocation.call import call_function, call_gateway
    from portfolio.invocation.request import Call, read_body, read_event
    from portfolio.stage_access import open_stage

    _check_combination(path, body, user, direct=direct, event=event)
    content, sent = read_body(body), read_event(event) if event else None
    stage = open_stage(stack, port)
    token = _sign_in(stage, user, terminal, from_stdin=password_stdin) if user else None
    call = Call(method.upper(), path, content, token)
    if direct:
        succeeded = call_function(stage, sent or call.make_event(), terminal)
    else:
        succeeded = call_gateway(stage, call, terminal)
    if not succeeded:
        raise typer.Exit(1)


def _check_combination(
    path: str, body: str | None, user: str | None, *, direct: bool, event: Path | None
) -> None:
    if event and not direct:
        raise CommandLineError("--event is for the function itself: add --direct.")
    if event and (path or body or user):
        raise CommandLineError("Use either --event or a request: METHOD, PATH, --body and --as.")
    if not (event or path):
        raise CommandLineError(
            "The request is missing: pass METHOD and PATH, such as GET /blogs, "
            "or --direct --event FILE."
        )


def _sign_in(stage: "StageAccess", user: str, terminal: "Terminal", *, from_stdin: bool) -> str:
    from portfolio.invocation.call import sign_in
    from portfolio.owners.passwords import read_password

    email = stage.default_owner if user == _OWNER else user
    if email is None:
        raise CommandLineError(
            f"--as owner is for the local stage: pass an e-mail address "
            f"(see portfolio owner list --stack {stage.stack})."
        )
    known = stage.default_password if email == stage.default_owner and not from_stdin else None
    password = known or read_password(email, terminal, from_stdin=from_stdin, confirm=False)
    return sign_in(stage, email, password)
