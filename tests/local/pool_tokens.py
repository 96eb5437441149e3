"""Tokens signed with the key of a stage's user pool, as only Cognito can on AWS."""

import base64
import hashlib
from typing import TYPE_CHECKING, Any, cast

import httpx
from cryptography.hazmat.primitives import serialization

from tests.backend.key_pairs import KeyPair, id_claims

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from tests.local_stage import ServedStage


def read_pool_key(served: "ServedStage") -> KeyPair:
    """Return the key of the stage's pool for ID tokens, from the emulator's own folder."""
    pool, emulator = served.stage.outputs["user_pool_id"], served.stage.emulator
    # The emulator makes a pool's keys when they are first asked for.
    httpx.get(f"{emulator.endpoint}/{pool}/.well-known/jwks.json", trust_env=False)
    file = emulator.log.parent / "cognito-pool-keys" / f"{pool}-id.pem"
    private = cast("RSAPrivateKey", serialization.load_pem_private_key(file.read_bytes(), None))
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(base64.b64encode(hashlib.sha256(der).digest()).decode(), private)


def make_owner_claims(served: "ServedStage") -> dict[str, Any]:
    """Return the claims of a good ID token of an owner of the stage."""
    outputs, region = served.stage.outputs, served.stage.code.clients.region
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{outputs['user_pool_id']}"
    return id_claims(issuer, outputs["user_pool_client_id"])
