"""New code for the deployed function: published, tested, and only then put behind `live`."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.components.names import LIVE
from infra.errors import LocalStageError
from infra.package import HEALTH_EVENT

if TYPE_CHECKING:
    from infra.package import Package
    from portfolio.local.clients import EmulatorClients


@dataclass(frozen=True)
class FunctionCode:
    """The code of one deployed function."""

    clients: "EmulatorClients"
    function: str

    def replace(self, package: "Package") -> None:
        """Publish a package as a version, and move the alias to it after a health check.

        Raises:
            LocalStageError: if the version does not answer. The alias keeps the old one.
        """
        functions = self.clients.functions
        version = functions.update_function_code(
            FunctionName=self.function, ZipFile=package.path.read_bytes(), Publish=True
        )["Version"]
        self.warm_up(version)
        old = functions.get_alias(FunctionName=self.function, Name=LIVE)["FunctionVersion"]
        functions.update_alias(FunctionName=self.function, Name=LIVE, FunctionVersion=version)
        # Each version keeps a worker and an unpacked zip, so old ones would pile up.
        functions.delete_function(FunctionName=self.function, Qualifier=old)

    def warm_up(self, qualifier: str = LIVE) -> None:
        """Start a version with a health check: the first request is then a warm one.

        Raises:
            LocalStageError: with the function's own error, if it does not answer.
        """
        answer = self.clients.functions.invoke(
            FunctionName=self.function, Qualifier=qualifier, Payload=json.dumps(HEALTH_EVENT)
        )
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        if result.get("statusCode") != 200:  # noqa: PLR2004 - the health check's answer
            reason = result.get("errorMessage") or result
            raise LocalStageError(f"The function does not answer: {reason}")
