"""`portfolio adopt --check`: certificates of every key, and what stands in DNS."""

from typing import TYPE_CHECKING, Any

import pytest

from portfolio.adoption.certificates import find_certificates
from tests.adoption.conftest import Adopt
from tests.adoption.printed import line_of
from tests.adoption.sam_resources import DOMAIN, SamAccount

if TYPE_CHECKING:
    from types_boto3_acm import ACMClient

GATEWAY = "d-a1b2c3.execute-api.us-east-1.amazonaws.com"
VPC: Any = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-0123456789abcdef0"}}


@pytest.mark.parametrize("settings", [{}, {"adoptDomain": DOMAIN}])
def test_a_cname_lets_no_address_stand_beside_it(
    adopt: Adopt, account: SamAccount, settings: dict[str, str]
) -> None:
    account.make_domain(account.make_certificate())
    account.make_zone("CNAME", GATEWAY)
    code, printed = adopt(settings=settings)
    assert code == 1
    line = line_of(printed, "DNS record")
    assert line.startswith(f"✗ DNS record {DOMAIN} CNAME cannot be adopted: it points to {GATEWAY}")
    assert "in one change batch (aws route53 change-resource-record-sets)" in line


def test_a_private_zone_of_the_same_name_is_not_the_one(adopt: Adopt, account: SamAccount) -> None:
    account.make_zone("CNAME", GATEWAY, **VPC)
    code, printed = adopt()
    assert code == 0, printed
    assert "DNS record" not in printed
    account.make_zone()
    _, printed = adopt()
    assert line_of(printed, "DNS record").startswith(f"✗ DNS record {DOMAIN} A exists")


def test_certificates_of_every_key_are_looked_for(account: SamAccount) -> None:
    """The emulator lists them all, whatever it is asked; ACM does not."""
    # Slow to import, for this test alone.
    import botocore.session  # noqa: PLC0415

    from infra.settings import load_stage_settings  # noqa: PLC0415

    client: ACMClient = account.client("acm")
    asked: list[Any] = []

    def keep(params: dict[str, Any], **_: object) -> None:
        asked.append(params["Includes"]["keyTypes"])

    client.meta.events.register("provide-client-params.acm.ListCertificates", keep)
    (found,) = find_certificates(client, load_stage_settings("prod"), DOMAIN)
    assert found.existing is None
    model: Any = botocore.session.get_session().get_service_model("acm")
    assert [sorted(each) for each in asked] == [sorted(model.shape_for("KeyAlgorithm").enum)]
