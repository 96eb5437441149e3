"""The stand-in for the AWS and random providers: Pulumi's provider protocol, on loopback.

It runs in the test's own process, so tests can read and change the account. The engine attaches to
it (`PULUMI_DEBUG_PROVIDERS`) instead of starting plugins.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, override

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.real.engine.stand_in.account import (
    Account,
    RefusedError,
    Resource,
    changed_inputs,
    type_of,
)
from tests.real.engine.stand_in.functions import call_function
from tests.real.engine.stand_in.missing_outputs import (
    SDKS,
    find_marks,
    leave_unknown,
    mark_missing,
    mark_missing_results,
)
from tests.real.engine.stand_in.resource_type import Properties

_THREADS: Final = 16

_VERSION: Final = "999.0.0"
"""A high version: the engine warns of a provider older than the program's SDK."""


@contextmanager
def serve_account(account: Account) -> Generator[str]:
    """Serve an account; yield the value of `PULUMI_DEBUG_PROVIDERS` to use it."""
    server = grpc.server(ThreadPoolExecutor(_THREADS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(_Provider(account), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield ",".join(f"{sdk.__name__.removeprefix('pulumi_')}:{port}" for sdk in SDKS)
    finally:
        server.stop(grace=None).wait()


def _refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a RefusedError into an error for the engine, as providers do."""

    @wraps(method)
    def call(self: "_Provider", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return method(self, request, context)
        except RefusedError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return call


class _Provider(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, account: Account) -> None:
        self._account = account

    @override
    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse()

    @override
    def Attach(self, request: Any, context: Any) -> Any:
        return Empty()

    @override
    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=_VERSION)

    @override
    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    @override
    def DiffConfig(self, request: Any, context: Any) -> Any:
        return _diff_response(changed_inputs(_read(request.old_inputs), _read(request.news)), set())

    @override
    @_refusing
    def Configure(self, request: Any, context: Any) -> Any:
        self._account.configure(_read(request.args))
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    @override
    def Check(self, request: Any, context: Any) -> Any:
        failures = [
            provider_pb2.CheckFailure(
                property=name,
                reason=f"the stand-in does not give {mark}: "
                "declare it in tests/real/engine/stand_in",
            )
            for name, value in _read(request.news).items()
            for mark in find_marks(value)
        ]
        inputs = self._account.regional(request.type, _read(request.news))
        return provider_pb2.CheckResponse(inputs=_write(inputs), failures=failures)

    @override
    def Diff(self, request: Any, context: Any) -> Any:
        changed = changed_inputs(_read(request.old_inputs), _read(request.news))
        # Pulumi's provider deletes first what has a name from the program, even if it changes
        # (pulumi-terraform-bridge, `nameRequiresDeleteBeforeReplace` in pkg/tfbridge/schema.go).
        is_named = "name" in request.news
        replacing = type_of(request.type).replacing(changed)
        return _diff_response(changed, replacing, delete_first=is_named)

    @override
    @_refusing
    def Create(self, request: Any, context: Any) -> Any:
        inputs = _read(request.properties)
        if request.preview:
            state = leave_unknown(request.type, inputs)
            return provider_pb2.CreateResponse(properties=_write(state))
        made = self._account.create(request.type, request.name, inputs)
        return provider_pb2.CreateResponse(id=made.id, properties=_state(made))

    @override
    @_refusing
    def Update(self, request: Any, context: Any) -> Any:
        inputs = _read(request.news)
        if request.preview:
            state = _previewed(request.type, _read(request.old_inputs), inputs, _read(request.olds))
            return provider_pb2.UpdateResponse(properties=_write(state))
        changed = self._account.update(request.type, request.name, request.id, inputs)
        return provider_pb2.UpdateResponse(properties=_state(changed))

    @override
    @_refusing
    def Delete(self, request: Any, context: Any) -> Any:
        self._account.delete(request.type, request.name, request.id)
        return Empty()

    @override
    def Read(self, request: Any, context: Any) -> Any:
        known = type_of(request.type)
        found = self._account.find(request.type, known.imported_id(request.id))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, inputs=_write(found.inputs), properties=_state(found)
        )

    @override
    @_refusing
    def Invoke(self, request: Any, context: Any) -> Any:
        results = call_function(self._account, request.tok, _read(request.args))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(_write(mark_missing_results(request.tok, results)))
        return response

    @override
    def Cancel(self, request: Any, context: Any) -> Any:
        return Empty()


def _previewed(token: str, old: Properties, new: Properties, state: Properties) -> Properties:
    """Return the known state of a resource in a preview of an update."""
    known = type_of(token)
    changed = changed_inputs(old, new)
    renewed = known.revised if changed & known.revised_by else frozenset[str]()
    kept = {name: value for name, value in state.items() if name not in changed | renewed}
    given = {name: value for name, value in new.items() if name in changed}
    return leave_unknown(token, {**kept, **given})


def _diff_response(changed: set[str], replacing: set[str], *, delete_first: bool = False) -> Any:
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if changed else response.DIFF_NONE,
        diffs=sorted(changed),
        replaces=sorted(replacing),
        deleteBeforeReplace=bool(replacing) and delete_first,
    )


def _state(resource: Resource) -> Struct:
    return _write(mark_missing(resource.token, resource.state))


def _read(message: Struct) -> Properties:
    return MessageToDict(message)


def _write(properties: Properties) -> Struct:
    return ParseDict(properties, Struct())
