"""Bearer tokens that no operation may accept: forged, damaged, foreign, expired, nested, oversized.

Most of them are one step away from a good token: the pool's own key signs a wrong claim, or
another key signs the right claims.
"""

import hmac
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final

import httpx
from jose.utils import base64url_encode

from tests.backend.key_pairs import KeyPair, access_claims, make_key_pair

type Claims = dict[str, Any]

_OTHER_POOL: Final = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"
_HOUR: Final = 3600

_WRONG_CLAIMS: Final[dict[str, Claims]] = {
    "expired in 1970": {"exp": 0},
    "expired before 1970": {"exp": -1},
    "expiry as a word": {"exp": "soon"},
    "expiry as true": {"exp": True},
    "expiry as a list": {"exp": [1]},
    "expiry without an end": {"exp": float("inf")},
    "expiry as no number": {"exp": float("nan")},
    "no expiry": {"exp": None},
    "issue time as a word": {"iat": "now"},
    "another pool": {"iss": _OTHER_POOL},
    "the issuer as a list": {"iss": [_OTHER_POOL]},
    "no issuer": {"iss": None},
    "an empty issuer": {"iss": ""},
    "GitHub's issuer": {"iss": "https://token.actions.githubusercontent.com"},
    "another client": {"aud": "another-client"},
    "another client in a list": {"aud": ["another-client"]},
    "no client": {"aud": None},
    "an empty client": {"aud": ""},
    "the use of an access token": {"token_use": "access"},
    "the use in capitals": {"token_use": "ID"},
    "the use as a number": {"token_use": 1},
    "the use as a list": {"token_use": ["id"]},
    "an empty subject": {"sub": ""},
    "the subject as a number": {"sub": 7},
    "no subject": {"sub": None},
}
"""Changes of good claims, signed with the pool's own key."""

_REQUIRED: Final = ("exp", "iat", "iss", "aud", "token_use", "sub")

_ALGORITHMS: Final = (
    *("none", "None", "NONE", "", None, 7, ["RS256"], {"alg": "RS256"}),
    *("HS256", "RS", "RS384", "RS512", "PS256", "ES256", "EdDSA", "RS256\x00", "rs256"),
)

_KEY_IDS: Final[dict[str, Any]] = {
    "an unknown key": "key-2",
    "an empty key id": "",
    "the key id null": None,
    "a key id as a number": 1,
    "a key id as a list": ["key-1"],
    "a key id as an object": {"kid": "key-1"},
    "a path as the key id": "../../../../dev/null",
    "an address as the key id": "http://127.0.0.1:1/jwks.json",
    "a query as the key id": "' OR '1'='1",
    "a key id with half a surrogate pair": "\ud800",
    "a key id of 100 KB": "k" * 100_000,
}

_LARGEST_HEADERS: Final = 10_240
"""Limit of all headers of a request on AWS, in bytes (quotas of HTTP APIs)."""

_NESTED: Final = 100_000
"""A depth above the limit of every JSON parser."""


@dataclass(frozen=True)
class TokenForm:
    """A value of the header `Authorization` without a valid token."""

    name: str
    authorization: bytes


def make_bad_tokens(key: KeyPair, claims: Claims) -> list[TokenForm]:
    """Return all forms.

    Args:
        key: the pool's key for ID tokens.
        claims: the claims of a good ID token of the owner.
    """
    tokens = {
        **dict(_signed_with_wrong_claims(key, claims)),
        **dict(_signed_as_something_else(key, claims)),
        **dict(_signed_with_other_keys(key, claims)),
        **dict(_signed_with_other_algorithms(key, claims)),
        **dict(_damaged(key.sign(claims))),
        **dict(_nested(key, claims)),
        **dict(_oversized(key, claims)),
    }
    forms = [TokenForm(name, b"Bearer " + token) for name, token in tokens.items()]
    headers = _other_headers(key.sign(claims).encode())
    return [*forms, *(TokenForm(name, value) for name, value in headers)]


def make_http_tokens(key: KeyPair, claims: Claims) -> list[TokenForm]:
    """Return the forms that reach a function through AWS's gateway."""
    # HTTP drops the blanks at the end of a header.
    forms = (
        replace(form, authorization=form.authorization.strip())
        for form in make_bad_tokens(key, claims)
    )
    return [form for form in forms if len(form.authorization) < _LARGEST_HEADERS]


def find_accepted(
    client: httpx.Client, forms: Iterable[TokenForm], method: str, path: str
) -> list[str]:
    """Return the forms that a route with a required token does not refuse, with the status."""
    accepted: list[str] = []
    for form in forms:
        answer = client.request(method, path, headers={b"Authorization": form.authorization})
        scheme = answer.headers.get("www-authenticate")
        if (answer.status_code, scheme) != (HTTPStatus.UNAUTHORIZED, "Bearer"):
            accepted.append(f"{form.name}: {answer.status_code}")
    return accepted


type _Tokens = Iterator[tuple[str, bytes]]


def _signed_with_wrong_claims(key: KeyPair, claims: Claims) -> _Tokens:
    now = int(time.time())
    changes = _WRONG_CLAIMS | {
        "expired just now": {"exp": now - 1},
        "valid in an hour": {"nbf": now + _HOUR},
        "the issuer in a list": {"iss": [claims["iss"]]},
        "the issuer with a slash": {"iss": f"{claims['iss']}/"},
        "the client in a list": {"aud": [claims["aud"]]},
        "the client with a blank": {"aud": f"{claims['aud']} "},
        "the client as an access token has it": {"aud": None, "client_id": claims["aud"]},
    }
    for name, change in changes.items():
        yield name, key.sign(claims | change).encode()
    for claim in _REQUIRED:
        yield f"without {claim}", key.sign(_without(claims, claim)).encode()


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def _signed_as_something_else(key: KeyPair, claims: Claims) -> _Tokens:
    access = access_claims(claims["iss"], claims["aud"])
    yield "an access token", key.sign(access).encode()
    yield "an access token for a client", key.sign(access | {"aud": claims["aud"]}).encode()
    payloads = {
        "a list": [claims],
        "a text": "claims",
        "a number": 1,
        "null": None,
        "a good token": key.sign(claims),
    }
    for name, payload in payloads.items():
        yield f"{name} as claims", sign_text(key, json.dumps(payload))
    yield "claims that are not JSON", sign_text(key, "{'sub': 'owner'}")
    yield "claims that are not UTF-8", sign_text(key, b"\xff\xfe")
    yield "empty claims", sign_text(key, "")


def _signed_with_other_keys(key: KeyPair, claims: Claims) -> _Tokens:
    foreign = make_key_pair(key.key_id)
    yield "another key under the pool's id", foreign.sign(claims).encode()
    for name, key_id in _KEY_IDS.items():
        yield name, sign_text(key, json.dumps(claims), kid=key_id)
    sent_along = {
        "jwk": foreign.as_jwk(),
        "jku": "http://127.0.0.1:1/jwks.json",
        "x5u": "http://127.0.0.1:1/key.pem",
        "x5c": ["TUlJ"],
    }
    for name, value in sent_along.items():
        yield f"another key in {name}", sign_text(foreign, json.dumps(claims), **{name: value})


def _signed_with_other_algorithms(key: KeyPair, claims: Claims) -> _Tokens:
    payload = json.dumps(claims)
    for algorithm in _ALGORITHMS:
        token = sign_text(key, payload, alg=algorithm)
        yield f"the algorithm {algorithm!r}", token
        yield f"the algorithm {algorithm!r} without a signature", token.rpartition(b".")[0] + b"."
    secrets = {"PEM": key.public_pem, "JWK": json.dumps(key.as_jwk()).encode(), "nothing": b""}
    signed = _signed_part({"alg": "HS256", "kid": key.key_id}, payload.encode())
    for name, secret in secrets.items():
        # By hand: python-jose refuses to sign like this, an attacker's library does not.
        signature = base64url_encode(hmac.digest(secret, signed, "sha256"))
        yield f"{name} as a shared secret", signed + b"." + signature


def _damaged(token: str) -> _Tokens:
    header, payload, signature = token.encode().split(b".")
    changed = bytes([signature[9] ^ 1])
    pieces = {
        "one part": [header],
        "two parts": [header, payload],
        "four parts": [header, payload, signature, signature],
        "five parts": [header, b"", payload, signature, signature],
        "no header": [b"", payload, signature],
        "no claims": [header, b"", signature],
        "no signature": [header, payload, b""],
        "header and claims exchanged": [payload, header, signature],
        "a changed signature": [header, payload, signature[:9] + changed + signature[10:]],
        "half a signature": [header, payload, signature[: len(signature) // 2]],
        "two signatures": [header, payload, signature * 2],
        "a signature with padding": [header, payload, signature + b"=="],
        "a signature with a blank": [header, payload, signature[:9] + b" " + signature[9:]],
        "a signature with a quote": [header, payload, signature + b'"'],
        "half a header": [header[: len(header) // 2], payload, signature],
        "claims cut off": [header, payload[:-8], signature],
        "claims with more at the end": [header, payload + b"AAAA", signature],
    }
    yield from ((name, b".".join(parts)) for name, parts in pieces.items())
    yield "dots", b"...."
    yield "words", b"a.b.c"
    yield "empty objects", b"e30.e30.e30"
    yield "the name of nothing", b"undefined"
    yield "letters beyond ASCII", b"\xe9\xff.\xf1.\xfc"
    yield "the JSON form", json.dumps({"payload": payload.decode()}).encode()


def _nested(key: KeyPair, claims: Claims) -> _Tokens:
    deep = "[" * _NESTED + "]" * _NESTED
    for name in ("extra", "cognito:groups", "sub"):
        payload = json.dumps(claims | {name: "deep"}).replace('"deep"', deep)
        yield f"{name} nested deeply", sign_text(key, payload)
    for name, header in {"list": "[" * _NESTED, "object": '{"kid":' * _NESTED}.items():
        yield f"a nested {name} as the header", base64url_encode(header.encode()) + b".e30.e30"


def _oversized(key: KeyPair, claims: Claims) -> _Tokens:
    foreign = make_key_pair(key.key_id)
    yield "7 KB", foreign.sign(claims | {"extra": "x" * 5_000}).encode()
    yield "1 MB of claims", foreign.sign(claims | {"extra": "x" * 1_000_000}).encode()
    yield "1 MB of letters", b"A" * 1_000_000
    yield "1 MB of dots", b"." * 1_000_000
    digits = json.dumps(claims | {"exp": 7}).replace(" 7", " " + "9" * 10_000)
    yield "an expiry of 10,000 digits", sign_text(key, digits)
    many = {str(number): number for number in range(50_000)}
    header = json.dumps(many).encode()
    yield "50,000 keys in the header", base64url_encode(header) + b".e30.e30"


def _other_headers(token: bytes) -> _Tokens:
    yield "an empty header", b""
    yield "a scheme alone", b"Bearer"
    yield "a scheme and a blank", b"Bearer "
    yield "a token without a scheme", token
    yield "a scheme and a token as one word", b"Bearer" + token
    yield "a tab after the scheme", b"Bearer\t" + token
    yield "an equals sign after the scheme", b"Bearer=" + token
    yield "a token in quotes", b'Bearer "' + token + b'"'
    yield "two tokens", b"Bearer " + token + b" " + token
    yield "two headers in one", b"Bearer " + token + b", Bearer " + token
    yield "a key before the token", b"Bearer token=" + token
    for scheme in (b"Basic", b"JWT", b"Token", b"Digest", b"MAC", b"Bearer2"):
        yield f"the scheme {scheme.decode()}", scheme + b" " + token


def sign_text(key: KeyPair, payload: str | bytes, **header: Any) -> bytes:
    """Return a token with any payload and header, with a right signature of its bytes."""
    content = payload.encode() if isinstance(payload, str) else payload
    signed = _signed_part({"alg": "RS256", "kid": key.key_id} | header, content)
    return signed + b"." + base64url_encode(key.sign_bytes(signed))


def _signed_part(header: Claims, payload: bytes) -> bytes:
    return base64url_encode(json.dumps(header).encode()) + b"." + base64url_encode(payload)
