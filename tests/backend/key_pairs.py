"""Signing keys as a user pool has them, and the tokens it would sign."""

import base64
import json
import time
from dataclasses import dataclass
from typing import Any, cast

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jose import jwt


@dataclass(frozen=True)
class KeyPair:
    """A key of a pool."""

    key_id: str
    private: RSAPrivateKey

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def as_jwk(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {
            "kid": self.key_id,
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "n": _encode(numbers.n),
            "e": _encode(numbers.e),
        }

    def sign(self, claims: dict[str, Any], key_id: str | None = None) -> str:
        # python-jose reads a key of cryptography's too: from PEM, its check takes 40 ms each time.
        key = cast("Any", self.private)
        return jwt.encode(claims, key, "RS256", headers={"kid": key_id or self.key_id})

    def sign_bytes(self, content: bytes) -> bytes:
        """Return the RS256 signature of a text."""
        return self.private.sign(content, padding.PKCS1v15(), hashes.SHA256())


def make_key_pair(key_id: str) -> KeyPair:
    return KeyPair(key_id, generate_private_key(65537, 2048))


def as_key_set(*pairs: KeyPair) -> bytes:
    return json.dumps({"keys": [pair.as_jwk() for pair in pairs]}).encode()


def id_claims(issuer: str, client_id: str) -> dict[str, Any]:
    """The claims of a good ID token of the owner, as Cognito makes it."""
    return {
        **_claims(issuer),
        "aud": client_id,
        "token_use": "id",
        "cognito:groups": ["owner"],
        "cognito:username": "5a9f8c3e",
        "custom:role": "owner",
        "email": "owner@example.com",
        "email_verified": True,
        "name": "Olive Owner",
    }


def access_claims(issuer: str, client_id: str) -> dict[str, Any]:
    """The claims of a good access token of the same user, as Cognito makes it."""
    return {
        **_claims(issuer),
        "client_id": client_id,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "cognito:groups": ["owner"],
        "username": "5a9f8c3e",
    }


def _claims(issuer: str) -> dict[str, Any]:
    now = int(time.time())
    return {"sub": "5a9f8c3e", "iss": issuer, "iat": now, "auth_time": now, "exp": now + 3600}


def _encode(number: int) -> str:
    content = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
