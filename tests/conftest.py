"""Fixtures every test folder shares, and the rule that CI skips nothing."""

import fcntl
import functools
import gc
import os
import signal
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from infra.paths import CACHE_VARIABLE
from infra.processes.environment import clean_environment
from infra.processes.interruption import SIGNALS
from tests.aws_environment import forget_aws_configuration
from tests.leaks import LeakScan

if TYPE_CHECKING:
    from infra.package import Package
    from portfolio.local.emulator import Emulator
    from tests.local_stage import ServedStage

# A git hook may run the tests: their repositories are not the hook's.
clean_environment()
# The developer's profile is nothing to the emulator, and no test calls AWS.
forget_aws_configuration()
# What other checkouts have built is nothing to the tests: they see the first build.
os.environ[CACHE_VARIABLE] = ""
# make runs the tests, and some run make: they get none of its options.
for _variable in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(_variable, None)
# pexpect closes the files of a new process. There, gRPC's own work after a fork would fail.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
# nohup, and a shell's job in the background, ignore signals: the tests' processes would do so too.
signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
for _number in SIGNALS:
    if signal.getsignal(_number) == signal.SIG_IGN:
        _is_typed = _number == signal.SIGINT
        signal.signal(_number, signal.default_int_handler if _is_typed else signal.SIG_DFL)


def pytest_configure(config: pytest.Config) -> None:
    """Scan the files of the run for made-up secrets at its end."""
    config.pluginmanager.register(LeakScan())


@pytest.fixture
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder for caches, an empty one; what is there is shared."""
    folder = tmp_path / "user-cache"
    folder.mkdir()
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def aws_models() -> Iterator[None]:
    """Let all sessions of boto3 share what botocore reads of its JSON files: megabytes for each."""
    import botocore.session  # noqa: PLC0415 - for its users alone

    with pytest.MonkeyPatch.context() as patch:
        shared = functools.cache(botocore.session.create_loader)
        patch.setattr(botocore.session, "create_loader", shared)
        yield


@pytest.fixture(scope="session")
def emulator(aws_models: None) -> "Iterator[Emulator]":  # noqa: ARG001 - for its clients
    from portfolio.local.emulator import run_emulator  # noqa: PLC0415 - for its users alone

    with run_emulator() as running:
        yield running


@pytest.fixture(scope="session")
def real_package(tmp_path_factory: pytest.TempPathFactory) -> "Package":
    """The function's zip; one process builds it, and the others find it in the cache."""
    from infra.deployment import build_stage_package  # noqa: PLC0415 - as above
    from infra.settings import load_stage_settings  # noqa: PLC0415 - for its users alone

    base = tmp_path_factory.getbasetemp()
    # A worker's own folder lies in the one of all workers.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "package.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build_stage_package(load_stage_settings("local"), print)


@pytest.fixture(scope="session")
def local_stage(
    aws_models: None,  # noqa: ARG001 - as above
    real_package: "Package",  # noqa: ARG001 - the stage finds it in the cache
) -> "Iterator[ServedStage]":
    """One local stage for all tests: leave it as it was, or change what is yours alone."""
    from tests.local_stage import serve_local_stage  # noqa: PLC0415 - seconds of imports

    with serve_local_stage() as served:
        yield served


@pytest.fixture(scope="session")
def guarded_stage(local_stage: "ServedStage") -> "Iterator[ServedStage]":
    """A stage with the gateway's authorizer, beside the local stage on its emulator."""
    from tests.local_stage import serve_guarded_stage  # noqa: PLC0415 - as above

    with serve_guarded_stage(local_stage) as served:
        yield served


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Search for no garbage among the imported modules: it takes a seventh of the collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of `tests/real`, and keep the tests of a file in one process.

    Tests that share an expensive fixture of a session stay together too: see `_SHARED`. The longest
    groups come first: no process works alone at the end.
    """
    groups = {item: _group(item) for item in items}
    for item, group in groups.items():
        if item.nodeid.startswith("tests/real/"):
            item.add_marker("real")
        item.add_marker(pytest.mark.xdist_group(group))
    sizes = Counter(groups.values())
    places = {group: place for place, group in enumerate(_LONG)}
    items.sort(
        key=lambda item: (
            places.get(groups[item], len(places)),
            -sizes[groups[item]],
            groups[item],
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> Generator[None, int, int]:
    """Add a process for `make test-real`: its tests often wait for a process or a moment."""
    cores = yield
    return cores + (config.option.markexpr == "real")


_LONG: Final = (
    "local stage",
    "previews",
    "tests/signals/test_moments.py",
    "tests/local/test_up_command.py",
    "tests/real/new_project/test_made_project.py",
    "tests/reliability/test_killed_commands.py",
    "tests/real/engine/test_stack_protection.py",
    "tests/real/containers/test_package_container.py",
    "tests/backend/test_further_kind.py",
    "tests/local/test_kept_data.py",
    "DynamoDB Local",
    "tests/content/test_many_items.py",
    "tests/local/test_debugger.py",
    "tests/real/docs/test_moving_from_sam_in_order.py",
    "tests/reliability/test_faults.py",
    "tests/migration/test_migrate_killed.py",
    "tests/real/previews/test_preview_up.py",
    "tests/real/previews/test_preview_down.py",
    "tests/real/clients/test_generated_clients.py",
    "tests/reliability/test_events.py",
    "tests/reliability/test_load.py",
    "tests/backend/test_schemathesis.py",
)
"""Groups that take half a minute or more, the longest first: pytest-xdist keeps this order."""


_SHARED: dict[str, str] = {
    "deployed": "previews",
    "dynamodb-local": "DynamoDB Local",
    "guarded_stage": "local stage",
    "local_stage": "local stage",
}
"""Session fixtures to start once for all processes, or parameters for them, with their group."""


def _group(item: pytest.Item) -> str:
    names: list[str] = getattr(item, "fixturenames", [])
    # A parameter may name the fixture that its test asks for.
    callspec = getattr(item, "callspec", None)
    chosen = [*names, *(callspec.params.values() if callspec else ())]
    groups = sorted({group for name, group in _SHARED.items() if name in chosen})
    return groups[0] if groups else item.nodeid.partition("::")[0]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Fail where pytest-xdist ignores the groups, as it does without a word."""
    if session.items and getattr(session.config.option, "loadgroup", False):
        first = session.items[0]
        grouped = first.nodeid.endswith(f"@{_group(first)}")
        assert grouped, "this pytest-xdist groups no tests of this pytest"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI, a test that would be skipped has failed: what it needs was not installed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End with the number of skipped tests and the reasons."""
    skipped: list[pytest.TestReport] = terminalreporter.stats.get("skipped", [])
    deselected: list[pytest.Item] = terminalreporter.stats.get("deselected", [])
    option = terminalreporter.config.option
    if deselected and option.markexpr == "not real" and not option.keyword:
        terminalreporter.write_line(f"{len(deselected)} deselected tests run in make test-real")
    reasons = sorted(
        {str(report.longrepr).rpartition("Skipped: ")[2].rstrip("')") for report in skipped}
    )
    if reasons:
        terminalreporter.write_line(f"skipped {len(skipped)} tests: {'; '.join(reasons)}")
    else:
        terminalreporter.write_line("nothing was skipped")
