"""The sample content of a new local stage; `tests/contract` tests the API."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("path", "total"),
    [
        ("/blogs?tag=aws", 2),
        ("/blogs?status=draft&tag=ci", 1),
        ("/projects", 2),
        ("/certifications", 2),
    ],
)
def test_there_is_content_of_every_kind(
    api: httpx.Client, owner: dict[str, str], path: str, total: int
) -> None:
    assert api.get(path, headers=owner).json()["total"] == total
