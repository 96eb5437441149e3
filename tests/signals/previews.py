"""Commands on previews, which the real engine deploys to a stand-in for AWS."""

import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from portfolio.local.emulator import Emulator
from tests.real.engine.built_engine import find_engine
from tests.real.engine.resource_keys import TABLE
from tests.real.previews.preview_account import (
    PreviewAccount,
    fork_account,
    make_preview_checkout,
    new_account,
    open_account,
)
from tests.signals.commands import Case
from tests.signals.data import STARTED
from tests.signals.trials import Command

_SLOW: Final = 1.5
"""Seconds that the table's creation takes: the engine has an operation to finish."""


@contextmanager
def open_previews(folder: Path, emulator: Emulator) -> Generator[Iterator[Case]]:
    """Deploy a preview; yield a deployment of another one, and the commands on this one."""
    checkout = make_preview_checkout(folder / "previews")
    with open_account(folder / "account", new_account(), find_engine(), emulator) as account:
        account.up(12)
        yield _cases(account, checkout, folder, emulator)


def _cases(
    account: PreviewAccount, checkout: Path, folder: Path, emulator: Emulator
) -> Iterator[Case]:
    def update(copy: PreviewAccount) -> None:
        copy.up(7)
        assert copy.stacks == {"pr-7", "pr-12"}

    def remove(copy: PreviewAccount) -> None:
        copy.down(12)
        assert not copy.stacks

    @contextmanager
    def run(
        complete: Callable[[PreviewAccount], object], *words: str, first: bytes | None = None
    ) -> Generator[Command]:
        with (
            fork_account(account, folder / uuid.uuid4().hex, emulator) as copy,
            copy.account.interrupted("create", *TABLE, act=partial(time.sleep, _SLOW)),
        ):
            yield Command(
                [*STARTED, "preview", *words],
                checkout,
                variables=copy.variables,
                first=first,
                watched=[copy.folder / "backend/.pulumi/locks"],
                # The engine leaves the folders of its locks.
                results=Path.is_dir,
            )
            complete(copy)

    yield Case(
        "engine of preview up",
        lambda: run(update, "up", "7", first=b"dynamodb:Table table creating"),
    )
    yield Case("preview up", lambda: run(update, "up", "7"))
    yield Case("preview down", lambda: run(remove, "down", "12", "--wait", "0"))
    sweep = ("sweep", "--wait", "0", "--open", "none")
    yield Case("preview sweep", lambda: run(remove, *sweep))
    yield Case("preview list", lambda: run(lambda copy: copy.told("list"), "list"))
