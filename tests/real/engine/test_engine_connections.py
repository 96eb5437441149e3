"""An engine is reached on the port that an earlier one had."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.proto.resource_pb2 import SupportsFeatureRequest, SupportsFeatureResponse


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def SupportsFeature(self, request: object, context: object) -> SupportsFeatureResponse:  # noqa: ARG002, N802 - gRPC's
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)


@contextmanager
def serve(port: int = 0) -> Generator[int]:
    server = grpc.server(ThreadPoolExecutor(1))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(Monitor(), server)
    chosen = server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    try:
        yield chosen
    finally:
        server.stop(None).wait()


def ask(channel: grpc.Channel) -> bool:
    stub: Any = resource_pb2_grpc.ResourceMonitorStub(channel)
    answer = stub.SupportsFeature(SupportsFeatureRequest(id="secrets"))
    return bool(answer.hasSupport)


def test_a_new_engine_on_the_port_of_an_earlier_one_is_reached_at_once() -> None:
    with serve() as port:
        earlier = grpc.insecure_channel(f"127.0.0.1:{port}")
        assert ask(earlier)
    for _ in range(2):  # the second call tries to connect again
        with pytest.raises(grpc.RpcError):
            ask(earlier)
    with serve(port):
        assert ask(grpc.insecure_channel(f"127.0.0.1:{port}"))
