"""DynamoDB and Cognito on loopback, by TLS: the emulator's answers, repeated without its delay."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final, override

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from tests.bench.settings import REGION

_HOSTS: Final = [f"{service}.{REGION}.amazonaws.com" for service in ("dynamodb", "cognito-idp")]
_PASSED_ON: Final = ("authorization", "content-type", "x-amz-date", "x-amz-target")
_PASSED_BACK: Final = ("content-type", "x-amz-crc32", "x-amzn-requestid")


@contextmanager
def serve_aws_by_tls(emulator: str, certificate: Path) -> Generator[int]:
    """Serve on a free port, and write the certificate of the hosts to a file; yields the port."""
    key_file = certificate.with_suffix(".key")
    _write_certificate(certificate, key_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key_file)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(emulator)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _handler(emulator: str) -> type[BaseHTTPRequestHandler]:
    answers: dict[tuple[str, bytes], httpx.Response] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer goes out at once, in one piece.
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            call = self.headers["X-Amz-Target"], body
            if call not in answers:
                headers = {name: value for name in _PASSED_ON if (value := self.headers[name])}
                answers[call] = httpx.post(f"{emulator}/", content=body, headers=headers)
            self._answer(answers[call])

        def _answer(self, answer: httpx.Response) -> None:
            self.send_response(answer.status_code)
            for name in _PASSED_BACK:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)
            self.wfile.flush()

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    return Handler


def _write_certificate(certificate: Path, key_file: Path) -> None:
    key = generate_private_key(65537, 2048)
    certificate.write_bytes(_sign(key).public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _sign(key: RSAPrivateKey) -> x509.Certificate:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")]), datetime.now(UTC)
    hosts = x509.SubjectAlternativeName(map(x509.DNSName, _HOSTS))
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(hosts, critical=False)
        .sign(key, hashes.SHA256())
    )
