"""The stand-in's replacements against the program: each property has its line of the source."""

from typing import Final

from src import SITE
from tests.infra.registration import register
from tests.real.engine.stand_in.replacements import REPLACEMENTS

EVERYTHING: Final = {
    "adoptDomain": f"api.{SITE}",
    "alarmEmail": "owner@example.com",
    "budgetAmount": "25",
    "domainName": f"api.{SITE}",
    "gatewayAuthorizer": "true",
    "hostedZone": SITE,
    "reservedConcurrency": "5",
    "snapStart": "true",
    "tracing": "true",
}
"""Settings to register every resource with every property."""


def test_every_property_that_the_program_sets_has_its_source() -> None:
    resources = register("prod", preview=False, config=EVERYTHING).resources
    properties = {
        f"{each.type} {name}"
        for each in resources
        if each.type.startswith("aws:")
        for name in each.inputs
    }
    known = {
        f"{token} {name}"
        for token, each in REPLACEMENTS.items()
        for name in [*each.replaced, *each.updated]
    }
    assert len(properties) > 100
    assert properties - known == set()
