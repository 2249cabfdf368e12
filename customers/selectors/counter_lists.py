"""The counter's own lists: checks of a day, receipts of a day, one's requests, what waits for review."""

from dataclasses import replace

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentStatus
from customers.messages import reason_words
from customers.selectors.checks import branch_named, checks_of_day
from customers.selectors.listing import Chosen, Column, Listing, person_words, shown_name, username
from customers.selectors.receipts import receipts_of
from customers.selectors.requests import requests_of, review_queue
from customers.templatetags.customer_facts import (
    decision,
    document_type,
    field_label,
    outcome,
    transaction_title,
)
from customers.templatetags.requested import asked_fields
from tellerdesk.core.business_date import today


def of_a_day(chosen: Chosen) -> list[tuple[str, str]]:
    return [(translated("Day"), f"{chosen.day:%Y-%m-%d}")]


def on_a_day(chosen: Chosen) -> Chosen:
    return replace(chosen, day=chosen.day or today())


def checks_chosen(staff, chosen: Chosen):
    branch = branch_named(staff, chosen.branch)
    return None if chosen.branch and branch is None else checks_of_day(staff, chosen.day, branch)


def subject_of(request):
    """The customer of a request, or the person checked where nobody was opened."""
    return request.customer or request.identity_check


def subject_name(request, in_full: bool) -> str:
    subject = subject_of(request)
    return shown_name(subject.name if subject else "", in_full)


def customer_number_of(request) -> str:
    return request.customer.customer_number if request.customer else ""


def changed_fields(request) -> str:
    return translated(", ").join(str(field_label(field)) for field in asked_fields(request.changes))


CHECKS = Listing(
    code="checks",
    title=_("Register of checks"),
    permission="customers.list_checks",
    asks=("day", "branch"),
    rows=checks_chosen,
    completed=on_a_day,
    words=lambda chosen: [*of_a_day(chosen), (translated("Branch"), chosen.branch)],
    columns=(
        Column("checked_at", _("Time"), lambda row, _full: row.checked_at, width=20),
        Column("name", _("Person checked"), lambda row, full: shown_name(row.name, full)),
        Column(
            "document_type",
            _("Document type"),
            lambda row, _full: document_type(row.document_type),
            width=18,
            code=lambda row: row.document_type,
        ),
        Column(
            "document_number",
            _("Document number"),
            lambda row, full: row.number if full else row.number_masked,
            width=24,
        ),
        Column(
            "business",
            _("Business"),
            lambda row, _full: row.get_business_display(),
            width=16,
            code=lambda row: row.business,
        ),
        Column(
            "outcome", _("Result"), lambda row, _full: outcome(row.finding), width=26, code=lambda row: str(row.finding)
        ),
        Column(
            "decision",
            _("Decision"),
            lambda row, _full: decision(row.decision),
            width=22,
            code=lambda row: row.decision or None,
        ),
        Column("follow_up_due_on", _("To be settled by"), lambda row, _full: row.follow_up_due_on, "date", 12),
        Column(
            "staff",
            _("Teller"),
            lambda row, _full: person_words(row.teller),
            width=18,
            code=lambda row: username(row.teller),
        ),
        Column("branch", _("Branch"), lambda row, _full: str(row.branch), width=20, code=lambda row: row.branch.code),
    ),
)

RECEIPTS = Listing(
    code="receipts",
    title=_("Receipts"),
    permission="customers.look_up",
    asks=("day",),
    rows=lambda staff, chosen: receipts_of(staff, day=chosen.day),
    completed=on_a_day,
    words=of_a_day,
    columns=(
        Column("at", _("Time"), lambda row, _full: row.at, width=20),
        Column("number", _("Serial number"), lambda row, _full: row.number, width=22),
        Column("transaction_code", _("Transaction code"), lambda row, _full: row.transaction_code, width=10),
        Column(
            "transaction", _("Transaction"), lambda row, _full: str(transaction_title(row.transaction_code)), width=20
        ),
        Column("customer_number", _("Customer number"), lambda row, _full: row.content["customer_number"], width=22),
        Column("name", _("Name"), lambda row, full: shown_name(row.content["name"], full)),
        Column("document_number", _("Document number"), lambda row, _full: row.content["document_number"], width=24),
        Column(
            "staff",
            _("Teller"),
            lambda row, _full: person_words(row.staff),
            width=18,
            code=lambda row: username(row.staff),
        ),
        Column("branch", _("Branch"), lambda row, _full: str(row.branch), width=20, code=lambda row: row.branch.code),
    ),
)

OF_A_REQUEST = (
    Column("id", _("Number of the request"), lambda row, _full: row.pk, "whole", 10),
    Column("made_at", _("Made"), lambda row, _full: row.made_at, width=20),
    Column("customer_number", _("Customer number"), lambda row, _full: customer_number_of(row), width=22),
    Column("name", _("Name"), subject_name),
    Column("kind", _("Request"), lambda row, _full: row.get_kind_display(), width=16, code=lambda row: row.kind),
    Column("fields", _("Fields"), lambda row, _full: changed_fields(row), width=24, code=lambda row: list(row.changes)),
    Column(
        "reason", _("Reason"), lambda row, _full: str(reason_words(row.reason)), width=28, code=lambda row: row.reason
    ),
    Column(
        "maker", _("Maker"), lambda row, _full: person_words(row.maker), width=18, code=lambda row: username(row.maker)
    ),
)
OF_A_DECISION = (
    Column("status", _("State"), lambda row, _full: row.get_status_display(), code=lambda row: row.status),
    Column(
        "checker",
        _("Checker"),
        lambda row, _full: person_words(row.checker),
        width=18,
        code=lambda row: username(row.checker),
    ),
    Column("decided_at", _("Decided"), lambda row, _full: row.decided_at, width=20),
    Column("decision_reason", _("Words of the decision"), lambda row, _full: row.decision_reason, width=28),
)


def own_requests(staff, chosen: Chosen):
    found = requests_of(staff)
    return found.filter(status=chosen.status) if chosen.status else found


MY_REQUESTS = Listing(
    code="my_requests",
    title=_("My requests"),
    permission="customers.amend_customer",
    asks=("status",),
    rows=own_requests,
    words=lambda chosen: [(translated("State"), str(AmendmentStatus(chosen.status).label) if chosen.status else "")],
    columns=OF_A_REQUEST + OF_A_DECISION,
)

WAITING = Listing(
    code="waiting",
    title=_("Requests waiting for review"),
    permission="customers.approve_amendment",
    asks=(),
    rows=lambda staff, _chosen: review_queue(staff),
    columns=(
        *OF_A_REQUEST,
        Column("branch", _("Branch"), lambda row, _full: str(row.branch), width=20, code=lambda row: row.branch.code),
    ),
)
