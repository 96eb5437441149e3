"""A proxy is for other hosts: programs on loopback call each other without it."""

import json
import os
import subprocess
import sys

import pytest

from infra.processes.environment import inherited_environment

PROXY = "http://127.0.0.1:9"
SPELLINGS = [
    {"http_proxy": PROXY},
    {"http_proxy": PROXY, "NO_PROXY": "localhost,127.0.0.1"},
    {"http_proxy": PROXY, "NO_PROXY": "internal.example", "no_proxy": "other.example"},
    {"https_proxy": PROXY, "NO_PROXY": "*.example"},
    {"grpc_proxy": PROXY, "no_proxy": ""},
    {"http_proxy": PROXY, "no_grpc_proxy": "internal.example"},
    {"HTTP_PROXY": PROXY},
    {"HTTPS_PROXY": PROXY, "no_proxy": "internal.example"},
    {"ALL_PROXY": PROXY, "all_proxy": PROXY},
]
"""The ways in which users set proxies, with and without exceptions."""

CALLS = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
import grpc, httpx
from infra.processes.environment import clean_environment
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass

web = HTTPServer(("127.0.0.1", 0), Handler)
Thread(target=web.serve_forever, daemon=True).start()
server = grpc.server(ThreadPoolExecutor(1))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
before = dict(os.environ)
for variables in json.loads(sys.argv[1]):
    os.environ.clear()
    os.environ.update(before | variables)
    clean_environment()
    for host in ("127.0.0.1", "localhost"):
        # Its arguments make each channel a connection of its own.
        options = [("grpc.use_local_subchannel_pool", 1)]
        with grpc.insecure_channel(f"{host}:{port}", options) as channel:
            grpc.channel_ready_future(channel).result(timeout=5)
        httpx.get(f"http://{host}:{web.server_port}").raise_for_status()
    print(variables)
"""


def test_grpc_and_http_reach_loopback_in_each_spelling_of_proxies() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALLS, json.dumps(SPELLINGS)],
        env=inherited_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [str(each) for each in SPELLINGS], done.stderr


@pytest.mark.parametrize("variables", SPELLINGS, ids=str)
def test_the_users_exceptions_stay(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = inherited_environment()
    for name, value in variables.items():
        if "no_" in name.lower():
            assert set(filter(None, value.split(","))) <= set(found[name].split(","))
        else:
            assert found[name] == value
    assert found["NO_PROXY"] == found["no_proxy"]


def test_without_a_proxy_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    assert not [name for name in inherited_environment() if name.lower().endswith("_proxy")]
