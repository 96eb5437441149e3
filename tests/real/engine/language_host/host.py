"""A stand-in for Pulumi's Python language host, which is published with the CLI only.

It does what the host does with a program (pulumi/sdk/python/cmd/pulumi-language-python/main.go):
it runs the program in its own process group, passes its output on, and reports its exit code. The
engine starts the host in a new process group, and sends SIGINT to that group at the end.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, override

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

_PROGRAM: Final = Path(__file__).with_name("program.py")
_SHOWN: Final = 32
"""The exit code of a program that has shown an error itself."""


class _Host(language_pb2_grpc.LanguageRuntimeServicer):
    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._program: subprocess.Popen[bytes] | None = None

    @override
    def Handshake(self, request: Any, context: Any) -> Any:
        return language_pb2.LanguageHandshakeResponse()

    @override
    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="3.0.0")

    @override
    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse()

    @override
    def Run(self, request: Any, context: Any) -> Any:
        arguments = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "stack": request.stack,
            "organization": request.organization,
            "parallel": request.parallel,
            "dry_run": request.dryRun,
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "program": request.info.program_directory,
        }
        command = [sys.executable, str(_PROGRAM), json.dumps(arguments)]
        self._program = subprocess.Popen(command, cwd=request.info.root_directory)
        code = self._program.wait()
        if code == _SHOWN:
            return language_pb2.RunResponse(bail=True)
        error = f"program exited with non-zero exit code: {code}" if code else ""
        return language_pb2.RunResponse(error=error)

    @override
    def Cancel(self, request: Any, context: Any) -> Any:
        """Interrupt a program that still runs."""
        if self._program:
            self._program.send_signal(signal.SIGINT)
        return Empty()


def main() -> None:
    """Serve until SIGINT; the program's group gets it at the same time."""
    stopped = threading.Event()
    signal.signal(signal.SIGINT, lambda _number, _frame: stopped.set())
    server = grpc.server(ThreadPoolExecutor())
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_Host(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    stopped.wait()
    # As Go's main does: requests are not awaited.
    os._exit(0)


main()
