"""客户号合并 asked for by the counter; the branch manager of the survivor's branch decides (services.merged)."""

from collections.abc import Mapping

from django.db import transaction

from customers.enums import AmendmentKind
from customers.errors import NotMergeable
from customers.models import Amendment, Customer, Merge
from customers.rules.customer_number import is_customer_number
from customers.rules.merging import (
    ABSORBED,
    CHOICES,
    DOCUMENT,
    LONGEST_EVIDENCE,
    choice_problems,
    chosen_fields,
    joint_problems,
    may_merge,
    status_after,
)
from customers.services.looking import reachable
from customers.services.receipting import issue_receipt
from customers.services.requesting import locked_customers, open_request
from customers.validators import field_errors, refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.errors import FieldErrors

MERGE_CUSTOMERS = "1006"
LONGEST_REASON = 200


@transaction.atomic
def ask_for_merge(*, survivor: str, absorbed: str, evidence: str, choices: Mapping[str, str], by) -> Amendment:
    """By customer numbers. A field that is not chosen keeps the survivor's value.

    Raises FieldErrors (a number of another legal entity is one that does not exist), NotMergeable, RequestPending.
    """
    evidence = " ".join(evidence.split())
    refuse_request(survivor, absorbed, evidence, choices)
    keeping, leaving = locked_customers(*found_two(survivor, absorbed, by=by))
    refuse_unmergeable(keeping, leaving)
    refuse_problems(joint_problems(keeping, leaving, choices))
    amendment = open_request(
        AmendmentKind.MERGE,
        keeping,
        other=leaving,
        changes=asked_changes(keeping, leaving, choices),
        reason=evidence[:LONGEST_REASON],
        by=by,
    )
    kept = {field: side for field, side in choices.items() if field in CHOICES}
    merge = Merge.objects.create(
        amendment=amendment, survivor=keeping, absorbed=leaving, evidence=evidence, choices=kept
    )
    detail = {"absorbed": leaving.customer_number, "reason": amendment.reason}
    record("customers.merge_requested", subject=keeping, by=by, detail=detail, touched=[amendment, merge])
    document = keeping.documents.primary().first()
    if document:
        facts = {"kind": amendment.kind, "absorbed": leaving.customer_number}
        issue_receipt(keeping, MERGE_CUSTOMERS, document=document, amendment=amendment, extra=facts, by=by)
    return amendment


def refuse_request(survivor: str, absorbed: str, evidence: str, choices: Mapping) -> None:
    refuse_lines(longest=LONGEST_EVIDENCE, evidence=evidence)
    missing = [
        (field, "required")
        for field, text in {"survivor": survivor, "absorbed": absorbed, "evidence": evidence}.items()
        if not text
    ]
    same = [("absorbed", "same_customer")] if survivor and survivor == absorbed else []
    refuse_problems([*missing, *same, *choice_problems(choices)])


def refuse_problems(problems) -> None:
    found: dict[str, list[str]] = {}
    for field, code in problems:
        found.setdefault(field, []).append(code)
    if found:
        raise FieldErrors(field_errors(found))


def found_two(survivor: str, absorbed: str, *, by) -> list[int]:
    """By their own numbers, wherever these lead to now."""
    numbers = {"survivor": survivor, "absorbed": absorbed}
    written = [number for number in numbers.values() if is_customer_number(number)]
    pks = dict(reachable(by).filter(customer_number__in=written).values_list("customer_number", "pk"))
    refuse_problems((field, "unknown") for field, number in numbers.items() if number not in pks)
    return [pks[survivor], pks[absorbed]]


def refuse_unmergeable(survivor: Customer, absorbed: Customer) -> None:
    if not may_merge(survivor.status, absorbed.status):
        wrong = absorbed if may_merge(survivor.status, survivor.status) else survivor
        raise NotMergeable(customer_number=wrong.customer_number, status=wrong.status)


def asked_changes(survivor: Customer, absorbed: Customer, choices: Mapping[str, str]) -> dict:
    """`{field: [the survivor's, the absorbed one's]}` of what changes, numbers of documents masked."""
    found = {"customer_number": [absorbed.customer_number, survivor.customer_number]}
    for field in chosen_fields(survivor, absorbed, choices):
        found[field] = [plain(getattr(survivor, field)), plain(getattr(absorbed, field))]
    status = status_after(survivor.status, absorbed.status)
    if status != survivor.status:
        found["status"] = [survivor.status, status]
    papers = [each.documents.primary().first() for each in (survivor, absorbed)]
    if choices.get(DOCUMENT) == ABSORBED and all(papers):
        found["document_type"] = [each.document_type for each in papers]
        found["document_number"] = [each.number_masked for each in papers]
    return found


def plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
