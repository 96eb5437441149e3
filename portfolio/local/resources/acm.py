"""Certificate Manager on the emulator: certificates are issued immediately."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker, Remover, keep, key_values


def make_certificate(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a certificate; return the DNS record for its validation."""
    arn = clients.acm.request_certificate(
        Tags=key_values(inputs.take("tags", {})),
        **inputs.take_pascal("domainName", "validationMethod"),
    )["CertificateArn"]
    certificate = clients.acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = [
        {
            "domainName": option["DomainName"],
            "resourceRecordName": option.get("ResourceRecord", {}).get("Name"),
            "resourceRecordType": option.get("ResourceRecord", {}).get("Type"),
            "resourceRecordValue": option.get("ResourceRecord", {}).get("Value"),
        }
        for option in certificate.get("DomainValidationOptions", [])
    ]
    return Created(arn, {"arn": arn, "domainValidationOptions": options})


def make_certificate_validation(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Wait until a certificate is issued."""
    arn = inputs.take("certificateArn")
    inputs.take("validationRecordFqdns")
    clients.acm.get_waiter("certificate_validated").wait(CertificateArn=arn)
    return Created(arn, {})


MAKERS: dict[str, Maker] = {
    "aws:acm/certificate:Certificate": make_certificate,
    "aws:acm/certificateValidation:CertificateValidation": make_certificate_validation,
}

REMOVERS: dict[str, Remover] = {
    "aws:acm/certificate:Certificate": lambda clients, known: clients.acm.delete_certificate(
        CertificateArn=known.id
    ),
    "aws:acm/certificateValidation:CertificateValidation": keep,
}
