"""Sample content for the local stage, made over HTTP as its owner would."""

import json
from pathlib import Path
from typing import Any, Final

import httpx

from infra.errors import LocalStageError
from infra.local.owner import Owner

_SAMPLES: Final = Path(__file__).with_name("samples.json")


def create_samples(api_url: str, owner: Owner) -> None:
    """Create the samples of each kind of content, and publish all but the drafts.

    Raises:
        LocalStageError: if the API does not answer as it should.
    """
    samples: dict[str, dict[str, list[Any]]] = json.loads(_SAMPLES.read_text())
    with httpx.Client(base_url=api_url, timeout=35, trust_env=False) as client:
        credentials = {"email": owner.email, "password": owner.password}
        token = _post(client, "/auth/login", credentials)["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for path, content in samples.items():
            for draft in content["drafts"]:
                _post(client, path, draft)
            for item in content["published"]:
                created = _post(client, path, item)
                _post(client, f"{path}/{created['id']}/publish")


def _post(client: httpx.Client, path: str, body: object = None) -> dict[str, Any]:
    response = client.post(path, json=body) if body is not None else client.post(path)
    if response.is_error:
        raise LocalStageError(f"POST {path} answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer
