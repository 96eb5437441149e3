"""New code for the deployed function: published, tested, and only then put behind `live`."""

import json
from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final

from infra.components.names import LIVE
from infra.errors import LocalStageError
from infra.package import HEALTH_EVENT
from portfolio.invocation.request import Call
from portfolio.logs.tracebacks import shorten_tracebacks

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients

_INIT_FAILED: Final = "Worker init failed: "
"""The emulator's words before the error of an import."""


@dataclass(frozen=True)
class FunctionCode:
    """The code of one deployed function."""

    clients: "EmulatorClients"
    function: str

    def publish(self, zipped: bytes) -> str:
        """Publish a zip as a version, check its health, and return the version.

        Raises:
            LocalStageError: if the version does not answer.
        """
        version = self.clients.functions.update_function_code(
            FunctionName=self.function, ZipFile=zipped, Publish=True
        )["Version"]
        self.warm_up(version)
        return version

    def make_live(self, version: str) -> None:
        """Move the alias to a published version, and delete the version before."""
        functions = self.clients.functions
        old = self.live_version()
        functions.update_alias(FunctionName=self.function, Name=LIVE, FunctionVersion=version)
        # Each version keeps a worker and an unpacked zip, so old ones would pile up.
        functions.delete_function(FunctionName=self.function, Qualifier=old)

    def live_version(self) -> str:
        """Return the version behind the alias."""
        alias = self.clients.functions.get_alias(FunctionName=self.function, Name=LIVE)
        return alias["FunctionVersion"]

    def warm_up(self, qualifier: str = LIVE) -> None:
        """Start a version with a health check: the first request is then a warm one.

        Raises:
            LocalStageError: with the function's own error, if it does not answer.
        """
        result = self._invoke(HEALTH_EVENT, qualifier)
        if result.get("statusCode") != 200:  # noqa: PLR2004 - the health check's answer
            if status := result.get("statusCode"):
                raise LocalStageError(f"GET /health answers {status}: its log says why.")
            reason = str(result.get("errorMessage") or result).removeprefix(_INIT_FAILED)
            raise LocalStageError(f"The function does not answer: {_explain(reason)}")

    def read_schema(self, version: str) -> str | None:
        """Return the API's OpenAPI description, as `make format` writes it to `openapi.json`.

        Returns:
            None if the version cannot create it; its log says why.
        """
        result = self._invoke(Call("GET", "/openapi.json", None).make_event(), version)
        if result.get("statusCode") != 200:  # noqa: PLR2004 - OK
            return None
        return json.dumps(json.loads(result["body"]), indent=2, ensure_ascii=False) + "\n"

    def _invoke(self, event: dict[str, Any], qualifier: str) -> dict[str, Any]:
        answer = self.clients.functions.invoke(
            FunctionName=self.function, Qualifier=qualifier, Payload=json.dumps(event)
        )
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        return result


def _explain(reason: str) -> str:
    """Return a short traceback below the message, or any other reason behind it."""
    shown = shorten_tracebacks(reason.rstrip())
    return f"\n{indent(shown, '  ')}" if "\n" in shown else shown
