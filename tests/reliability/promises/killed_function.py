"""The function, killed after each call to AWS: nothing is half done, and a repetition is right."""

from collections.abc import Iterator

from portfolio.local.emulator import run_emulator
from tests.backend.app_settings import function_credentials
from tests.reliability.expectations import Expected, check_interrupted, observe
from tests.reliability.figures import Row
from tests.reliability.killed_worker import Worker, run_worker
from tests.reliability.site import Site, open_site


def measure() -> Iterator[Row]:
    """Kill the function after each call of every documented operation."""
    row = Row("kills after a call to AWS")
    with function_credentials(), run_emulator() as emulator, open_site(emulator) as site:
        calls = site.fill()
        before = site.read()
        with run_worker(site) as worker:
            for call in calls:
                expected = observe(site, call, before)
                for number in range(len(expected.calls)):
                    try_kill(site, worker, expected, number, row)
    yield row


def try_kill(site: Site, worker: Worker, expected: Expected, number: int, row: Row) -> None:
    """Kill the function after a call has been done and before it gets the answer."""
    site.restore(expected.before)

    def kill(done: int) -> None:
        if done == number:
            worker.kill()

    with row.case(f"{expected.call.name}: killed after {expected.calls[number]} ({number})"):
        site.aws.start(after=kill)
        assert worker.send(site.make_request(expected.call)) is None, "not killed"
        site.aws.start()
        check_interrupted(site, expected)
