"""botocore's files in the real zip: the services and root certificates that the function needs."""

import json
import ssl
from itertools import chain
from pathlib import Path
from typing import Any, cast

import botocore
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from infra.errors import PackageError
from infra.package.botocore_files import (
    keep_amazons_roots,
    keep_used_endpoints,
    shorten_botocore_files,
)
from infra.package.services import SERVICES

INSTALLED = Path(botocore.__file__).parent


def test_the_zip_trusts_amazons_roots_and_no_others(task: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(task / "botocore/cacert.pem")
    subjects = [
        dict(chain.from_iterable(cast("Any", root["subject"]))) for root in context.get_ca_certs()
    ]
    assert {subject["commonName"] for subject in subjects} == {
        *(f"Amazon Root CA {number}" for number in range(1, 5)),
        "Starfield Services Root Certificate Authority - G2",
    }


def test_the_zip_has_the_endpoints_of_the_services_in_use_in_every_partition(task: Path) -> None:
    path = "data/endpoints.json"
    shortened = json.loads((task / "botocore" / path).read_text())
    complete = json.loads((INSTALLED / path).read_text())
    for short, long in zip(shortened["partitions"], complete["partitions"], strict=True):
        services = {name: value for name, value in long["services"].items() if name in SERVICES}
        assert short == {**long, "services": services}
    assert set(shortened["partitions"][0]["services"]) == SERVICES


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_the_zip_describes_the_services_in_use_without_documentation(
    service: str, task: Path
) -> None:
    zipped, complete = Loader(), Loader()
    zipped.search_paths.insert(0, str(task / "botocore/data"))
    ours = ServiceModel(zipped.load_service_model(service, "service-2"))
    theirs = ServiceModel(complete.load_service_model(service, "service-2"))
    assert ours.operation_names == theirs.operation_names
    assert ours.shape_names == theirs.shape_names
    assert ours.documentation == "" != theirs.documentation
    assert not list(task.glob(f"botocore/data/{service}/*/service-2.json.gz"))


def test_certificates_without_amazons_are_refused() -> None:
    bundle = (INSTALLED / "cacert.pem").read_text().replace("Amazon", "X").replace("Starfield", "X")
    with pytest.raises(PackageError, match=r"cacert\.pem has no root certificate of Amazon's"):
        keep_amazons_roots(bundle)


def test_a_link_into_a_cache_is_replaced_and_other_packages_need_no_botocore(
    tmp_path: Path,
) -> None:
    shorten_botocore_files(tmp_path)
    cached, installed = tmp_path / "cached.json", tmp_path / "botocore/data/endpoints.json"
    cached.write_text('{"partitions": [{"services": {"s3": {}, "dynamodb": {}}}]}')
    installed.parent.mkdir(parents=True)
    installed.hardlink_to(cached)
    before = cached.read_text()
    shorten_botocore_files(tmp_path)
    assert cached.read_text() == before
    assert installed.read_text() == keep_used_endpoints(before)
