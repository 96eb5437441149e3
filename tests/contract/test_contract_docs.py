"""The contract's pages for developers: `/docs`, `/redoc` and `/openapi.json`."""

import re

import httpx
import pytest

from tests.contract.target import Target

pytestmark = pytest.mark.gateway

PAGES = ["/docs", "/redoc", "/openapi.json"]


def test_the_pages_are_there_outside_production_and_nowhere_in_it(
    api: httpx.Client, target: Target
) -> None:
    statuses = {api.get(path).status_code for path in PAGES}
    assert statuses == {200} if target.is_ours_alone else statuses in ({200}, {404})


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_a_page_loads_its_files_from_the_stage(api: httpx.Client, path: str) -> None:
    page = api.get(path)
    if page.status_code == 404:
        pytest.skip("this is production")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert loaded
    for file in loaded:
        answer = api.get(file)
        assert answer.status_code == 200
        assert answer.headers["etag"]
        assert answer.text
