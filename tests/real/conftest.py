"""Connections to the engine of one test that no other test inherits."""

from collections.abc import Iterator, Sequence

import grpc
import pytest


@pytest.fixture(scope="session", autouse=True)
def own_connections() -> Iterator[None]:
    """Give each gRPC channel its own connection.

    gRPC shares connections by address in a process. An engine on the port of an earlier one
    would get a connection that still waits after a failure, and Pulumi's SDK would say
    "Resource monitor has terminated". One test process starts a hundred engines.
    """
    connect = grpc.insecure_channel

    def connect_alone(
        target: str, options: Sequence[tuple[str, object]] | None = None
    ) -> grpc.Channel:
        return connect(target, [*(options or ()), ("grpc.use_local_subchannel_pool", 1)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grpc, "insecure_channel", connect_alone)
        yield
