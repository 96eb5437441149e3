"""What is advised where a stack has a pool of its own, beside the one that it should adopt."""

import pytest

from portfolio.adoption.outcomes import Existing, Subject, judge
from src import SITE

POOL = "aws:cognito/userPool:UserPool::identity"
DOMAIN = "aws:apigatewayv2/domainName:DomainName::domain"


@pytest.mark.parametrize(
    ("is_protected", "more", "advice"),
    [
        (False, {}, "run pulumi destroy first"),
        (True, {}, "start again with the way back of step 3 in docs/moving-from-sam.md"),
        (True, {DOMAIN: f"api.{SITE}"}, "remove adoptUserPool"),
    ],
    ids=["unprotected", "protected", "protected, with a domain"],
)
def test_the_way_back_is_advised_only_where_it_takes_nothing_away(
    advice: str, more: dict[str, str], *, is_protected: bool
) -> None:
    subject = Subject(
        kind="user pool",
        name="theirs",
        resource=POOL,
        setting="adoptUserPool",
        adopted="theirs",
        existing=Existing(id="theirs"),
        is_unique=False,
        loss=", without its users",
        is_protected=is_protected,
    )
    finding = judge(subject, {POOL: "ours", **more})
    assert finding.fails
    assert f"the stack has ours, and up would not delete it: {advice}" in finding.text
