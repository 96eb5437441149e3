"""Grants for HTTP APIs and the stages' domains, certificates and DNS records.

AWS generates the ids of APIs and certificates, so their tags limit the grants.
"""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit, Scope

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
        # AWS checks this for a new API or API stage with tags, but does not document it.
        actions=("apigateway:TagResource",),
        resources=("apigateway:{region}::/apis", "apigateway:{region}::/apis/*"),
        limit=Limit.TAGGING,
    ),
)


def domain_grants(scope: Scope) -> tuple[Grant, ...]:
    """Return the grants for the stages' domains; empty without domains."""
    if not scope.domain_names:
        return ()
    return *_domains(scope), *_certificates(scope), *_records(scope), *_zones(scope)


def _domains(scope: Scope) -> tuple[Grant, ...]:
    domains = tuple(f"apigateway:{{region}}::/domainnames/{name}" for name in scope.domain_names)
    return (
        Grant(
            sid="NewDomains",
            actions=("apigateway:POST",),
            resources=("apigateway:{region}::/domainnames",),
            limit=Limit.NEW_TAGS,
        ),
        Grant(
            sid="Domains",
            actions=("apigateway:DELETE", "apigateway:GET", "apigateway:PATCH", "apigateway:POST"),
            resources=(*domains, *(f"{domain}/apimappings*" for domain in domains)),
            limit=Limit.NAME,
        ),
        Grant(
            sid="DomainTags",
            actions=("apigateway:TagResource",),
            resources=("apigateway:{region}::/domainnames", *domains),
            limit=Limit.TAGGING,
        ),
    )


def _certificates(scope: Scope) -> tuple[Grant, ...]:
    certificates = ("acm:{region}:{account}:certificate/*",)
    return (
        Grant(
            sid="NewCertificates",
            actions=("acm:RequestCertificate",),
            resources=("*",),
            limit=Limit.NEW_TAGS,
            conditions={
                "ForAllValues:StringEquals": {"acm:DomainNames": list(scope.domain_names)},
                # Without this, a missing set would match.
                "Null": {"acm:DomainNames": "false"},
            },
        ),
        Grant(
            sid="Certificates",
            actions=(
                "acm:DeleteCertificate",
                "acm:DescribeCertificate",
                "acm:ListTagsForCertificate",
                "acm:RemoveTagsFromCertificate",
                "acm:UpdateCertificateOptions",
            ),
            resources=certificates,
            limit=Limit.TAGS,
        ),
        Grant(
            sid="CertificateTags",
            actions=("acm:AddTagsToCertificate",),
            resources=certificates,
            limit=Limit.TAGGING,
        ),
    )


def _records(scope: Scope) -> tuple[Grant, ...]:
    change = "route53:ChangeResourceRecordSets"
    names, types = f"{change}NormalizedRecordNames", f"{change}RecordTypes"
    # The second pattern is the record to prove the domain's owner to ACM.
    own = [pattern for name in scope.domain_names for pattern in (name, f"_*.{name}")]
    return (
        Grant(
            sid="Records",
            actions=(change,),
            resources=(f"route53:::hostedzone/{scope.hosted_zone_id}",),
            limit=Limit.NOTHING,
            conditions={
                "ForAllValues:StringLike": {names: own},
                "ForAllValues:StringEquals": {types: ["A", "AAAA", "CNAME"]},
                # Without this, a missing set would match.
                "Null": {names: "false", types: "false"},
            },
            reason="a zone is shared; the conditions name the stages' own records",
        ),
    )


def _zones(scope: Scope) -> tuple[Grant, ...]:
    return (
        Grant(
            sid="Zone",
            actions=(
                "route53:GetHostedZone",
                "route53:ListResourceRecordSets",
                "route53:ListTagsForResource",
            ),
            resources=(f"route53:::hostedzone/{scope.hosted_zone_id}",),
            limit=Limit.NOTHING,
            reason="a zone is shared, and its records are public",
        ),
        Grant(
            sid="ZoneChanges",
            actions=("route53:GetChange",),
            resources=("route53:::change/*",),
            limit=Limit.NOTHING,
            reason="AWS generates the id of a change, and a change reveals only its status",
        ),
        Grant(
            sid="Zones",
            actions=("route53:ListHostedZones", "route53:ListHostedZonesByName"),
            resources=("*",),
            limit=Limit.NOTHING,
            reason="the program finds a zone by its name in the list of all zones",
        ),
    )
