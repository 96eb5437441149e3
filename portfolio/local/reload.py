"""Changes of the checkout, brought onto a running local stage."""

import time
from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING, Final

from infra.components.names import LIVE_VERSION
from infra.contract.routes import guarded_routes, open_writes
from infra.errors import LocalStageError, PortfolioError
from infra.package import Package
from infra.package.sources.reading import Sources, read_sources
from infra.paths import OPENAPI, ROOT
from infra.processes.background import start, wait_for
from infra.processes.refusals import describe_refusal
from portfolio.local.redeploy import redeploy
from portfolio.local.source_code import SourceCode, packaged_sources, small_package
from portfolio.local.start import build_local_package
from portfolio.local.watch import Changes, Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portfolio.local.request_lines import RequestLines
    from portfolio.local.stage import LocalStage
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal

_AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer "
"""The start of an authorizer's key in the ledger."""

_CLOSING: Final = 5.0
"""Seconds to wait for work in the background at the end."""

_NO_SCHEMA: Final = "The OpenAPI description cannot be created: see the log above."
_UNCHANGED = "The API keeps serving the version before the change."


class Reloader:
    """Publishes changed code if it works; otherwise the version before stays in use."""

    def __init__(
        self,
        stage: "LocalStage",
        options: "StartOptions",
        lines: "RequestLines",
        terminal: "Terminal",
        publish: "Callable[[], None]",
    ) -> None:
        """Start with the stage's own package.

        Args:
            stage: a deployed stage.
            options: the options of the stage.
            lines: prints the function's output during a reload.
            terminal: prints a line at the start and at the end of each reload.
            publish: tells other processes the outputs of the stage.
        """
        self._stage, self._options, self._publish = stage, options, publish
        self._lines, self._terminal = lines, terminal
        self._failed: dict[Part, str] = {}
        self._schema: str | None = None
        self._has_new_schema = False
        self._left_out = stage.package.left_out
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

    def prepare(self) -> "Future[SourceCode]":
        """Prepare small zips in the background: the next reload needs it, the stage does not."""
        if self._code is None:
            folder = self._stage.emulator.folder
            self._code = start(partial(SourceCode, self._package, folder))
        return self._code

    def close(self) -> None:
        """Wait for work in the background: it writes into a folder that is deleted at the end."""
        if self._code:
            wait([self._code], _CLOSING)

    def _try(self, part: Part, changes: Changes) -> None:
        started = time.monotonic()
        try:
            done = self._work[part](changes)
        except PortfolioError as error:
            self._warn(part, str(error), changes)
        except OSError as error:
            self._warn(part, describe_refusal(error), changes)
        except KeyboardInterrupt:
            # A step of the build has seen a signal, and the server is about to stop.
            return
        else:
            self._report(part, done and f"{done} after {time.monotonic() - started:.1f} s")
            if self._has_new_schema:
                self._follow_schema()
            if done:
                self._tell_outputs()
        self._lines.show(())

    def _warn(self, part: Part, problem: str, changes: Changes) -> None:
        """Print a problem; after a change in git, only if it is another one."""
        if not (changes.are_in_git and self._failed.get(part) == problem):
            self._terminal.warn(f"{problem}\n{_UNCHANGED}")
        self._failed[part] = problem

    def _report(self, part: Part, done: str | None) -> None:
        """Print the success, and say if it was the last error."""
        had_failed = part in self._failed
        self._failed.pop(part, None)
        if had_failed and not self._failed:
            done = f"{done}: all is well again" if done else "all is well again: nothing to change"
        if done:
            self._terminal.step(done)

    def _follow_schema(self) -> None:
        """Write the description of the live API, and give the gateway its routes."""
        self._has_new_schema = False
        try:
            if self._schema is None:
                raise LocalStageError(_NO_SCHEMA)
            if self._schema != OPENAPI.read_text(encoding="utf-8"):
                before = self._gateway_routes()
                OPENAPI.write_text(self._schema, encoding="utf-8")
                self._terminal.step("backend/openapi.json: updated")
                if self._gateway_routes() != before:
                    self._update_gateway()
        except PortfolioError as error:
            self._failed[Part.SOURCE] = str(error)
            self._terminal.warn(str(error))

    def _tell_outputs(self) -> None:
        """Publish the outputs: each reload and each deployment makes another version live."""
        self._stage.outputs[LIVE_VERSION] = self._stage.code.live_version()
        try:
            self._publish()
        except PortfolioError as error:
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
        self._name_left_out(sources)
        if sources.files == self._sources:
            return None
        self._announce(Part.SOURCE, changes, "reloading")
        self._replace(wait_for(self.prepare()).make_zip(sources.files))
        self._sources = sources.files
        return "function: new code is live"

    def _name_left_out(self, sources: Sources) -> None:
        """Name the files that stay out of the zip, if they are other ones than before."""
        if sources.left_out not in (self._left_out, {}):
            for note in sources.notes():
                self._terminal.step(f"function: {note}")
        self._left_out = sources.left_out

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
        small = small_package(package, self._stage.emulator.folder)
        self._replace(small.path.read_bytes())
        self._use(package)
        return "function: the new zip is live"

    def _replace(self, zipped: bytes) -> None:
        """Make a zip live, after a health check."""
        code = self._stage.code
        version = code.publish(zipped)
        # Its only warm worker is busy meanwhile: behind the alias, requests would start another.
        self._schema = code.read_schema(version)
        code.make_live(version)
        self._has_new_schema = True

    def _announce(self, part: Part, changes: Changes, work: str) -> None:
        changed = changes.describe(part) if part in changes.parts else "backend/src"
        self._terminal.step(f"{changed} changed: {work}")

    def _use(self, package: Package) -> None:
        self._package = package
        self._sources: Mapping[str, bytes] = packaged_sources(package)
        self._code: Future[SourceCode] | None = None
