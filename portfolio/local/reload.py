"""Changes of the checkout, brought onto a running local stage."""

import time
from concurrent.futures import wait
from functools import partial
from typing import TYPE_CHECKING, Final

from infra.contract.routes import guarded_routes, open_writes
from infra.errors import PortfolioError
from infra.package import Package
from infra.package.sources import read_sources
from infra.paths import OPENAPI, ROOT
from infra.processes.background import start, wait_for
from portfolio.local.redeploy import redeploy
from portfolio.local.source_code import SourceCode, packaged_sources
from portfolio.local.start import build_local_package
from portfolio.local.watch import Changes, Part

if TYPE_CHECKING:
    from portfolio.local.request_lines import RequestLines
    from portfolio.local.stage import LocalStage
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal

_AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer "
"""The start of an authorizer's key in the ledger."""

_CLOSING: Final = 5.0
"""Seconds to wait for work in the background at the end."""

_UNCHANGED = "The API keeps serving the version before the change."


class Reloader:
    """Publishes changed code if it works; otherwise the version before stays in use."""

    def __init__(
        self,
        stage: "LocalStage",
        options: "StartOptions",
        lines: "RequestLines",
        terminal: "Terminal",
    ) -> None:
        """Start with the stage's own package.

        Args:
            stage: a deployed stage.
            options: the options of the stage.
            lines: prints the function's output during a reload.
            terminal: prints a line at the start and at the end of each reload.
        """
        self._stage, self._options = stage, options
        self._lines, self._terminal = lines, terminal
        self._failed: set[Part] = set()
        self._work = {
            Part.PROGRAM: self._redeploy,
            Part.LOCK: self._rebuild,
            Part.SOURCE: self._reload,
        }
        self._use(stage.package)

    def apply(self, changes: Changes) -> None:
        """Bring changes onto the stage, and print the result.

        Args:
            changes: the changed files; no files if the watch has just started.
        """
        for part in Part:
            if part in changes.parts or (part is Part.SOURCE and not changes.files):
                self._try(part, changes)

    def close(self) -> None:
        """Wait for work in the background: it writes into a folder that is deleted at the end."""
        wait([self._code], _CLOSING)

    def _try(self, part: Part, changes: Changes) -> None:
        started = time.monotonic()
        try:
            done = self._work[part](changes)
        except PortfolioError as error:
            self._failed.add(part)
            self._terminal.warn(f"{error}\n{_UNCHANGED}")
        except KeyboardInterrupt:
            # A step of the build has seen a signal, and the server is about to stop.
            return
        else:
            self._report(part, done and f"{done} after {time.monotonic() - started:.1f} s")
            if done and part is not Part.PROGRAM:
                self._follow_schema()
        self._lines.show(())

    def _report(self, part: Part, done: str | None) -> None:
        """Print the success, and say if it was the last error."""
        had_failed = part in self._failed
        self._failed.discard(part)
        if had_failed and not self._failed:
            done = f"{done}: all is well again" if done else "all is well again: nothing to change"
        if done:
            self._terminal.step(done)

    def _follow_schema(self) -> None:
        """Write the description of the live API, and give the gateway its routes."""
        try:
            schema = self._stage.code.read_schema()
            if schema != OPENAPI.read_text(encoding="utf-8"):
                before = self._gateway_routes()
                OPENAPI.write_text(schema, encoding="utf-8")
                self._terminal.step("backend/openapi.json: updated")
                if self._gateway_routes() != before:
                    self._update_gateway()
        except PortfolioError as error:
            self._failed.add(Part.SOURCE)
            self._terminal.warn(str(error))

    def _gateway_routes(self) -> list[list[str]]:
        """Return the routes with a limit or a guard of their own at the gateway."""
        has_authorizer = any(key.startswith(_AUTHORIZER) for key in self._stage.ledger)
        return [open_writes(), guarded_routes() if has_authorizer else []]

    def _update_gateway(self) -> None:
        self._deploy_again()
        self._terminal.step("gateway: its routes are up to date")

    def _reload(self, changes: Changes) -> str | None:
        """Publish changed sources, with the dependencies in use."""
        sources = read_sources(ROOT)
        if sources == self._sources:
            return None
        self._announce(Part.SOURCE, changes, "reloading")
        self._stage.code.replace(wait_for(self._code).make_zip(sources))
        self._sources = sources
        return "function: new code is live"

    def _redeploy(self, changes: Changes) -> str:
        self._announce(Part.PROGRAM, changes, "deploying the program")
        self._deploy_again()
        return "program: deployed in place"

    def _deploy_again(self) -> None:
        """Deploy the program again; it brings a complete zip of the sources."""
        redeploy(self._stage, self._options)
        self._use(build_local_package(lambda _: None))

    def _rebuild(self, changes: Changes) -> str:
        """Publish a complete zip, if it has changed."""
        self._announce(Part.LOCK, changes, "building the zip")
        package = build_local_package(self._terminal.step)
        if package.sha256 == self._package.sha256:
            return "function: the zip is the same"
        self._stage.code.replace(package.path.read_bytes())
        self._use(package)
        return "function: the new zip is live"

    def _announce(self, part: Part, changes: Changes, work: str) -> None:
        changed = changes.describe(part) if part in changes.parts else "backend/src"
        self._terminal.step(f"{changed} changed: {work}")

    def _use(self, package: Package) -> None:
        self._package, self._sources = package, packaged_sources(package)
        # A second of work, in the background: the next reload needs it, the stage does not.
        self._code = start(partial(SourceCode, package, self._stage.emulator.log.parent))
