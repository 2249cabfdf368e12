from django.db import transaction

from customers.errors import CertificateNotDue
from customers.models import Certificate, IdentityCheck
from customers.rules.identity_check import has_certificate
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today


@transaction.atomic
def issue_certificate(*, check: IdentityCheck, by) -> Certificate:
    """联网核查结果证明 for the customer to take to the police; each print is a new one. Raises CertificateNotDue."""
    if not has_certificate(check.finding):
        raise CertificateNotDue(outcome=check.finding)
    certificate = Certificate.objects.create(
        check_record=check,
        legal_entity_id=check.legal_entity_id,
        branch=by.branch,
        staff=by,
        business_date=today(),
    )
    detail = {"certificate": certificate.number, "outcome": check.finding}
    record("customers.certificate_issued", subject=check, by=by, detail=detail, touched=[certificate])
    return certificate
