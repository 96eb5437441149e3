"""HTTP APIs, whose ids AWS makes up: their tags tell whose they are."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit

GATEWAY_GRANTS: Final = (
    Grant(
        sid="NewApis",
        actions=("apigateway:POST",),
        resources=("apigateway:{region}::/apis",),
        limit=Limit.NEW_TAGS,
    ),
    Grant(
        sid="Apis",
        actions=("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST"),
        resources=("apigateway:{region}::/apis/*",),
        limit=Limit.TAGS,
    ),
    Grant(
        sid="ApiTags",
        # AWS asks for it when an API or a stage is made with tags, and documents it nowhere.
        actions=("apigateway:TagResource",),
        resources=("apigateway:{region}::/apis", "apigateway:{region}::/apis/*"),
        limit=Limit.TAGGING,
    ),
)
