"""The sample content, written to the app itself."""

from typing import TYPE_CHECKING

from portfolio.samples.create import SampleWriter
from src.api.kinds import KINDS
from tests.backend.app_client import connect

if TYPE_CHECKING:
    from fastapi import FastAPI

    from tests.backend.accounts import UserPool


def test_every_kind_has_samples_that_are_written_once(app: "FastAPI", pool: "UserPool") -> None:
    with connect(app) as client:
        writer = SampleWriter(client)
        writer.sign_in(pool.owner.email, pool.owner.password)
        assert writer.write() >= len(KINDS)
        assert writer.write() == 0
        published = {api.path: client.get(api.path).json()["total"] for api in KINDS}
    assert all(published.values()), published
