"""One sample opening, and the rows that check_identity, decide_check, open_customer and approve write for it.

Thousands are written at once, so they do not pass through the services; tests/test_demo.py holds both ways together.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import models

from customers.enums import CheckDecision
from customers.models import Amendment, Customer, IdentityCheck, IdentityDocument
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.particulars import Particulars
from tellerdesk.demo.making import Sample
from tellerdesk.staff.models import Staff

DECIDED, OPENED, APPROVED = timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=35)  # after the check


@dataclass(frozen=True)
class Counter:
    """A branch as the samples use it: who opens there and who checks."""

    teller: Staff
    checker: Staff


@dataclass
class Visit:
    """`at` is the instant of the online check. One that is refused or waits for the police ends without a customer."""

    sample: Sample
    counter: Counter
    at: datetime
    customer_number: str = ""
    left_waiting: bool = False
    refused_for: str = ""
    refusal_approved: bool = False
    check: IdentityCheck | None = field(init=False, default=None)
    agent_check: IdentityCheck | None = field(init=False, default=None)
    customer: Customer | None = field(init=False, default=None)
    document: IdentityDocument | None = field(init=False, default=None)
    request: Amendment | None = field(init=False, default=None)
    further: list[models.Model] = field(init=False, default_factory=list)

    @property
    def opens(self) -> bool:
        return not self.refused_for and self.sample.decision != CheckDecision.HOLD_PENDING_POLICE

    @property
    def day(self) -> date:
        return self.sample.opened_on

    @cached_property
    def paper(self) -> ParsedDocument:
        entered = self.sample.particulars
        return parse_document(entered.document_type, entered.document_number, today=self.day)

    @cached_property
    def particulars(self) -> Particulars:
        return self.sample.particulars.completed_from(self.paper)

    @property
    def rows(self) -> list[models.Model]:
        own = (self.customer, self.check, self.agent_check, self.request, self.document)
        return [each for each in own if each] + self.further
