"""What pulumi-random makes: no AWS call, but the same randomness."""

import secrets
import string

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker


def make_password(_clients: EmulatorClients, inputs: Inputs) -> Created:
    """A random string of letters and digits."""
    length = int(inputs.take("length"))
    if inputs.take("special", default=True):
        alphabet = string.ascii_letters + string.digits + "!@#$%&*()-_=+[]{}<>:?"
    else:
        alphabet = string.ascii_letters + string.digits
    result = "".join(secrets.choice(alphabet) for _ in range(length))
    return Created("none", {"result": result})


MAKERS: dict[str, Maker] = {"random:index/randomPassword:RandomPassword": make_password}
