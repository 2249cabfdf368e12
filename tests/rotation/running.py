"""Changes of keys that are real processes on the test database, and a bank with a row in every table of numbers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connections, transaction
from psycopg2.sql import SQL, Identifier

from customers.enums import AgentRelation, AmendmentKind, AmendmentStatus
from customers.models import Agent, Amendment, AuxiliaryPaper, ChangedNumber, Customer, IdentityCheck, IdentityDocument
from customers.models.sealed_number import SealedNumber
from customers.services import look_up
from tellerdesk.audit.services import record
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff
from tests.tiering.jobs.stopped_nights import held, kill_where_it_needs, start

TODAY = date(2026, 11, 24)
FORMER = "110105491231002"  # of fifteen digits
PASSPORT = "E12345678"


def rotate(*words) -> str:
    """To its end; what it said."""
    process = start("rotate_keys", *words)
    said, wrong = process.communicate(timeout=180)
    assert process.returncode == 0, wrong
    return said


def refused(*words) -> str:
    process = start("rotate_keys", *words)
    _said, wrong = process.communicate(timeout=180)
    assert process.returncode != 0
    return wrong


def killed_where_it_needs(table: str, *words) -> None:
    with held(table):
        kill_where_it_needs(table, start("rotate_keys", *words))


@contextmanager
def read_only(table: str) -> Iterator[None]:
    """Everybody reads the table; whoever writes into it waits."""
    connection = connections["owner"].copy()
    connection.connect()
    try:
        connection.connection.autocommit = False
        with connection.connection.cursor() as cursor:
            cursor.execute(SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(Identifier(table)))
        yield
    finally:
        connection.close()


@dataclass(frozen=True)
class Bank:
    teller: Staff
    number: str
    customer: Customer
    stranger: Staff
    namesake: Customer

    def found(self, document_type: str = "resident_id", number: str = "", by: Staff | None = None) -> int | None:
        found = look_up(document_type=document_type, document_number=number or self.number, by=by or self.teller)
        return found and found.pk

    def everybody_is_found(self) -> bool:
        """By every paper, former ones too, each in his own legal entity."""
        own = {self.found(), self.found("chinese_passport", PASSPORT), self.found("resident_id", FORMER)}
        return own == {self.customer.pk} and self.found(by=self.stranger) == self.namesake.pk


def make_bank() -> Bank:
    """The same person is a customer of two legal entities; of one of them with every kind of row."""
    teller, number = make_staff(), make_resident_number()
    customer = make_customer(by=teller, number=number)
    add_rows(customer, teller)
    entity = make_entity("NB", "甬江农村商业银行")
    stranger = make_staff(branch=make_branch("101", entity=entity, name="甬江支行"))
    return Bank(teller, number, customer, stranger, make_customer(by=stranger, number=number))


@transaction.atomic
def add_rows(customer: Customer, teller: Staff) -> None:
    owned = {"legal_entity": customer.legal_entity, "customer": customer}
    papers = [
        IdentityDocument.objects.create(**owned, role="historic", **SealedNumber.columns(*paper))
        for paper in (("chinese_passport", PASSPORT), ("resident_id", FORMER))
    ]
    check = IdentityCheck.objects.get(customer=customer)
    licence = SealedNumber.columns("driving_licence", "330106198503121234")
    AuxiliaryPaper.objects.create(check_record=check, same_name=True, **licence)
    request = Amendment.objects.create(
        **owned,
        branch=teller.branch,
        kind=AmendmentKind.AMENDMENT,
        status=AmendmentStatus.PENDING_REVIEW,
        maker=teller,
    )
    changed = ChangedNumber.objects.create(
        amendment=request, **SealedNumber.columns("resident_id", make_resident_number())
    )
    Agent.objects.create(
        customer=customer,
        amendment=request,
        name="顾云舒",
        mobile="13900000129",
        relation=AgentRelation.SPOUSE,
        reason="出差在外",
        **SealedNumber.columns("resident_id", make_resident_number()),
    )
    record("customers.amendment_requested", subject=customer, by=teller, touched=[*papers, check, request, changed])
