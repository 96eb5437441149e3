"""The API's own domain: its certificate, its name at the gateway, and its addresses in DNS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options

_VALIDATION_TTL: Final = 300
"""Seconds; the record only changes with the domain."""

_VALIDATION_TIME: Final = "20m"
"""ACM takes some minutes. The provider would wait for 75, which a deploy role's hour has not."""


@dataclass(frozen=True, kw_only=True)
class AdoptedDomain:
    """What of the domain is there already; None stands for what is made."""

    name: str | None
    """Of the gateway's custom domain name; its addresses in DNS are taken over with it."""

    certificate: str | None
    """The ARN."""

    mapping: str | None
    """The id of its mapping to the API."""


@dataclass(frozen=True, kw_only=True)
class DomainArgs:
    """What the domain needs to know."""

    domain_name: str
    hosted_zone: str
    """The name of the public Route 53 zone that the domain lies in."""

    api_id: pulumi.Input[str]
    api_stage: pulumi.Input[str]
    adopt: AdoptedDomain
    tags: Mapping[str, str]


class Domain(pulumi.ComponentResource):
    """A domain that answers with an HTTP API at its root, over TLS 1.2 and up, on IPv4 and IPv6."""

    url: pulumi.Output[str]
    """Without a path."""

    def __init__(
        self, name: str, args: DomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Domain", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        zone_id = self._find_zone(args)
        validation = self._create_certificate(name, args, zone_id)
        domain = self._create_domain_name(name, args, validation)
        self._create_mapping(name, args, domain)
        for record_type in ("A", "AAAA"):
            self._create_alias(f"{name}-{record_type}", record_type, args, zone_id, domain)
        self.url = pulumi.Output.from_input(f"https://{args.domain_name}")
        self.register_outputs({"url": self.url})

    def _find_zone(self, args: DomainArgs) -> pulumi.Output[str]:
        return aws.route53.get_zone_output(
            name=args.hosted_zone,
            private_zone=False,
            opts=pulumi.InvokeOutputOptions(parent=self),
        ).zone_id

    def _create_certificate(
        self, name: str, args: DomainArgs, zone_id: pulumi.Output[str]
    ) -> aws.acm.CertificateValidation:
        """A certificate, and the wait until it is issued: whoever uses it takes it from there."""
        certificate = aws.acm.Certificate(
            name,
            domain_name=args.domain_name,
            validation_method="DNS",
            tags=args.tags,
            opts=child_options(self, args.adopt.certificate),
        )
        # One domain, one record; it stays, as ACM renews by it.
        option = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-validation",
            zone_id=zone_id,
            name=option.resource_record_name,
            type=option.resource_record_type,
            records=[option.resource_record_value],
            ttl=_VALIDATION_TTL,
            # Every certificate of a domain and an account wants this same record (ACM User
            # Guide, "DNS validation"): one made for another certificate is as good.
            allow_overwrite=True,
            opts=self._child,
        )
        return aws.acm.CertificateValidation(
            name,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            opts=pulumi.ResourceOptions(
                parent=self, custom_timeouts=pulumi.CustomTimeouts(create=_VALIDATION_TIME)
            ),
        )

    def _create_domain_name(
        self, name: str, args: DomainArgs, validation: aws.acm.CertificateValidation
    ) -> aws.apigatewayv2.DomainName:
        return aws.apigatewayv2.DomainName(
            name,
            domain_name=args.domain_name,
            domain_name_configuration={
                "certificate_arn": validation.certificate_arn,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
                # Without it the AAAA record would lead nowhere.
                "ip_address_type": "dualstack",
            },
            tags=args.tags,
            opts=child_options(self, args.adopt.name),
        )

    def _create_mapping(
        self, name: str, args: DomainArgs, domain: aws.apigatewayv2.DomainName
    ) -> None:
        mapping = args.adopt.mapping
        options = child_options(self, mapping and f"{mapping}/{args.domain_name}")
        # Protected, it would keep the API and its stage from an end that leaves what was adopted.
        options.protect, options.retain_on_delete = False, mapping is not None
        aws.apigatewayv2.ApiMapping(
            name,
            api_id=args.api_id,
            domain_name=domain.id,
            stage=args.api_stage,
            opts=options,
        )

    def _create_alias(
        self,
        name: str,
        record_type: str,
        args: DomainArgs,
        zone_id: pulumi.Output[str],
        domain: aws.apigatewayv2.DomainName,
    ) -> None:
        target = domain.domain_name_configuration
        aws.route53.Record(
            name,
            zone_id=zone_id,
            name=args.domain_name,
            type=record_type,
            aliases=[
                {
                    "name": target.target_domain_name,
                    "zone_id": target.hosted_zone_id,
                    "evaluate_target_health": False,
                }
            ],
            # Those of an adopted domain lead to it already. They are written again as they are:
            # their ids have the zone's in them, which the program only learns from AWS.
            allow_overwrite=True if args.adopt.name else None,
            opts=pulumi.ResourceOptions(parent=self, protect=args.adopt.name is not None),
        )
