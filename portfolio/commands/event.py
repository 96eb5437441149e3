"""`portfolio event`."""

import json

from portfolio.commands.options import Body, Method, RequestPath, begin


def event(method: Method, path: RequestPath, *, body: Body = None) -> None:
    """Print the event for a request, as an HTTP API sends it to the function.

    Change it, and send it with portfolio invoke --direct --event FILE.

    Examples:
        portfolio event GET /blogs
        portfolio event POST /track/session --body @session.json
    """
    terminal = begin("making the event")
    from portfolio.invocation.request import Call, read_body

    call = Call(method.upper(), path, read_body(body))
    terminal.say(json.dumps(call.make_event(), indent=2))
