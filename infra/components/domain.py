"""The API's own domain: certificate, custom domain name and DNS records."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import DomainSettings

_VALIDATION_TTL: Final = 300
"""Seconds. The record changes with the domain only."""

_VALIDATION_TIME: Final = "20m"
"""Time limit for ACM to issue the certificate, usually some minutes.

The provider's default is 75 minutes, longer than a deploy role's session of one hour.
"""


@dataclass(frozen=True, kw_only=True)
class DomainArgs:
    """Arguments of the domain."""

    settings: "DomainSettings"
    domain_name: str
    hosted_zone: str
    """The name of the domain's public Route 53 zone."""

    api_id: pulumi.Input[str]
    api_stage: pulumi.Input[str]


class Domain(pulumi.ComponentResource):
    """A domain for an HTTP API at its root, with TLS 1.2 or later, on IPv4 and IPv6."""

    url: pulumi.Output[str]
    """The URL, without a path."""

    def __init__(
        self, name: str, args: DomainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:Domain", name, None, opts)
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
        """Register a certificate, and return its validation: the certificate is issued then."""
        certificate = aws.acm.Certificate(
            name,
            domain_name=args.domain_name,
            validation_method="DNS",
            tags=args.settings.tags,
            opts=child_options(self, args.settings.adopt_certificate),
        )
        # One domain has one record. It stays, because ACM needs it to renew the certificate.
        option = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-validation",
            zone_id=zone_id,
            name=option.resource_record_name,
            type=option.resource_record_type,
            records=[option.resource_record_value],
            ttl=_VALIDATION_TTL,
            # All certificates of a domain and an account share this record (ACM User Guide,
            # "DNS validation"), so it may exist for another certificate.
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
                # The AAAA record needs an IPv6 address.
                "ip_address_type": "dualstack",
            },
            tags=args.settings.tags,
            opts=child_options(self, args.settings.adopt_domain),
        )

    def _create_mapping(
        self, name: str, args: DomainArgs, domain: aws.apigatewayv2.DomainName
    ) -> None:
        mapping = args.settings.adopt_api_mapping
        opts = child_options(self, mapping and f"{mapping}/{args.domain_name}")
        # Not protected: `pulumi destroy` must be able to delete the API and keep adopted resources.
        opts.protect, opts.retain_on_delete = False, mapping is not None
        aws.apigatewayv2.ApiMapping(
            name,
            api_id=args.api_id,
            domain_name=domain.id,
            stage=args.api_stage,
            opts=opts,
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
            # The records of an adopted domain exist, and are overwritten with the same values.
            # An import needs ids with the zone's id in them, known from AWS only.
            allow_overwrite=True if args.settings.adopt_domain else None,
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.settings.adopt_domain is not None
            ),
        )
