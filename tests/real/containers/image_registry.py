"""An image registry on loopback. Its images have one file."""

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, override

_DOCKER: Final = "application/vnd.docker"
_MANIFEST: Final = f"{_DOCKER}.distribution.manifest.v2+json"
_CONFIG: Final = f"{_DOCKER}.container.image.v1+json"
_LAYER: Final = f"{_DOCKER}.image.rootfs.diff.tar.gzip"


@dataclass
class Registry:
    """The published contents, by the path of the URL."""

    host: str
    contents: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])

    def publish(self, name: str, architecture: str, compression: int = 9) -> str:
        """Publish an image and return its digest."""
        layer = _layer()
        config = {
            "architecture": architecture,
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
        parts = {
            "config": (_CONFIG, json.dumps(config).encode()),
            "layer": (_LAYER, gzip.compress(layer, compression, mtime=0)),
        }
        described = {
            key: {"mediaType": kind, "size": len(content), "digest": _digest(content)}
            for key, (kind, content) in parts.items()
        }
        manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST,
                "config": described["config"],
                "layers": [described["layer"]],
            }
        ).encode()
        for kind, content in parts.values():
            self.contents[f"/v2/{name}/blobs/{_digest(content)}"] = (kind, content)
        for reference in ("latest", _digest(manifest)):
            self.contents[f"/v2/{name}/manifests/{reference}"] = (_MANIFEST, manifest)
        return _digest(manifest)


@contextmanager
def running_registry() -> Generator[Registry]:
    registry = Registry("")

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer()

        def do_GET(self) -> None:
            self.wfile.write(self._answer())

        def _answer(self) -> bytes:
            contents = {"/v2/": ("application/json", b"{}")} | registry.contents
            found = contents.get(self.path)
            kind, content = found or ("application/json", b"{}")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Docker-Content-Digest", _digest(content))
            self.end_headers()
            return content

        @override
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        registry.host = f"127.0.0.1:{server.server_port}"
        yield registry
        server.shutdown()


def _layer() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("file"))
    return packed.getvalue()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
