"""The function's handler on a table with some content, through a proxy that may let calls fail."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from threading import Lock
from typing import TYPE_CHECKING, Final

import httpx

from src import SITE
from src.app import create_app
from src.models.user import Session
from src.repositories.attributes import encode, encode_key
from src.repositories.users import UserRepository
from src.utils.services import Services
from tests.backend.accounts import UserPool, bearer
from tests.backend.app_settings import make_settings
from tests.backend.content_checks import read_table
from tests.backend.lambda_client import LambdaTransport, open_handler
from tests.contract.calls import create
from tests.contract.content_kinds import KINDS
from tests.reliability.agreement import Stored
from tests.reliability.api_operations import Call, Contents, make_calls
from tests.reliability.faulty_aws import FaultyAws, Plan, no_faults, run_faulty_aws
from tests.reliability.ground import Ground, open_ground

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import WriteRequestUnionTypeDef

    from portfolio.local.emulator import Emulator
    from src.config import Settings

_BATCH: Final = 25
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""

_CREATING: Final = Lock()
"""Clients of one session of boto3 are made one at a time."""

_VISITOR: Final = {"X-Session-Id": "one-of-the-tests"}


@dataclass(frozen=True)
class Site:
    """A function with its own table, for one thread."""

    app: "FastAPI"
    client: httpx.Client
    aws: FaultyAws
    ground: Ground
    pool: UserPool
    settings: "Settings"
    """The function's settings, with the proxy as AWS."""

    @cached_property
    def dynamodb(self) -> "DynamoDBClient":
        """The administrator's client, past the proxy."""
        return self.ground.client()

    @cached_property
    def session(self) -> Session:
        """The owner's tokens."""
        return self.sign_in()

    def fill(self) -> list[Call]:
        """Add a viewed item and a draft of each kind; return a request for every operation."""
        self.client.headers.update(bearer(self.session.id_token))
        published = {kind.base: create(self.client, kind, published=True) for kind in KINDS}
        drafts = {kind.base: create(self.client, kind) for kind in KINDS}
        del self.client.headers["Authorization"]
        visits = [
            f"/analytics/track/{kind.content_type}/{published[kind.base]['id']}" for kind in KINDS
        ]
        for path in ("/visitors/track", *visits):
            self.client.post(path, headers={"X-Session-Id": "an-earlier-one"}).raise_for_status()
        return make_calls(Contents(published, drafts), self.pool)

    def send(self, call: Call, plan: Plan = no_faults) -> httpx.Response:
        """Send a request to a new container, with these faults."""
        with _CREATING:
            services = Services(self.app.state.settings)
            _clients = services.dynamodb, services.cognito
        self.app.state.services = services
        request = self.make_request(call)
        self.aws.start(plan)
        try:
            return self.client.send(request)
        finally:
            self.aws.plan = no_faults

    def make_request(self, call: Call) -> httpx.Request:
        """Return the HTTP request of a call, with new tokens in the body if it has some."""
        headers = _VISITOR | (bearer(self.session.id_token) if call.as_owner else {})
        body = call.body(self._tokens(call)) if call.body else None
        return self.client.build_request(call.method, call.path, json=body, headers=headers)

    def read(self) -> Stored:
        """Return every item of the table."""
        return read_table(self.dynamodb, self.ground.table_name)

    def restore(self, wanted: Stored) -> None:
        """Give the table the items that it had before."""
        stored = self.read()
        name = self.ground.table_name
        deletions: list[WriteRequestUnionTypeDef] = [
            {"DeleteRequest": {"Key": encode_key(key)}} for key in stored if key not in wanted
        ]
        puts: list[WriteRequestUnionTypeDef] = [
            {"PutRequest": {"Item": encode({"PK": key[0], "SK": key[1], **item})}}
            for key, item in wanted.items()
            if stored.get(key) != item
        ]
        for batch in batched([*deletions, *puts], _BATCH):
            answer = self.dynamodb.batch_write_item(RequestItems={name: batch})
            assert not answer["UnprocessedItems"]

    def _tokens(self, call: Call) -> Session:
        # A logout ends the session of its token.
        return self.sign_in() if call.path.startswith("/auth/") else self.session

    def sign_in(self) -> Session:
        """Return new tokens of the owner."""
        users = UserRepository(self.ground.cognito(), self.pool.client_id)
        return users.log_in(self.pool.owner.email, self.pool.owner.password)


@contextmanager
def open_site(emulator: "Emulator") -> Generator[Site]:
    """Make a table, a user pool and a function until the block ends."""
    with (
        open_ground(emulator) as ground,
        run_faulty_aws(emulator.endpoint) as aws,
    ):
        pool = ground.create_pool()
        settings = make_settings(emulator, pool, ground.table_name).model_copy(
            update={"aws_endpoint_url": aws.url}
        )
        app = create_app(settings)
        with open_handler(app) as invoke:
            transport = LambdaTransport(invoke)
            with httpx.Client(transport=transport, base_url=f"https://api.{SITE}") as client:
                yield Site(app, client, aws, ground, pool, settings)
