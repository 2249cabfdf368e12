"""Some sample customers of branch 001 opened a second time by a slip or under another paper; one such pair is merged,
one waits for the manager, the others are found by the search.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from customers.citizen_check import is_simulated
from customers.enums import Business, CustomerStatus, DocumentType
from customers.jobs.find_duplicates import run_search
from customers.models import Customer
from customers.rules.documents import parse_document
from customers.rules.particulars import Particulars
from customers.services import approve, ask_for_merge, check_identity, open_customer
from customers.services.duplicates import new_search
from tellerdesk.core.ages import years_after
from tellerdesk.core.business_date import today
from tellerdesk.demo.papers import with_check
from tellerdesk.staff.models import LegalEntity, Staff

HONG_KONG = "810000"
LAST_OF_BODY = 16
GROWN = 18
EVIDENCE = "双方证件原件当面核对，照片与本人一致，客户书面确认系同一人"


def load_duplicates(*, progress: Callable[[str], None] = print) -> None:
    """After the customers; nothing where there are none."""
    teller = Staff.objects.filter(username="teller").first()
    if teller is None or not is_simulated():
        return
    residents, visitors = known_with(teller, DocumentType.RESIDENT_ID), known_with(teller, DocumentType.HK_MACAO_PERMIT)
    twins = [(each, again(each, by=teller, number=slipped(number_of(each)))) for each in residents[:3]]
    twins += [(each, again(each, by=teller, number=far(each), name=misheard(each.name))) for each in residents[3:4]]
    permit = DocumentType.HMT_RESIDENCE_PERMIT
    twins += [(each, again(each, by=teller, number=residence(each), paper=permit)) for each in visitors[:1]]
    requests = [asked(*twin, by=teller) for twin in twins[:2]]
    for each in requests[:1]:
        approve(amendment=each, by=Staff.objects.get(username="manager"))
    progress(f"sample duplicates: {len(twins)} pairs, one of them merged, one waiting for the manager")


def seek_duplicates(*, progress: Callable[[str], None] = print) -> None:
    """Outside of any transaction: the search is the owner's."""
    for entity in LegalEntity.objects.order_by("pk"):
        search = new_search(entity)
        run_search(search.pk)
        search.refresh_from_db()
        progress(f"sample duplicates: {entity.code}: {search.pairs} pairs found")


def known_with(teller: Staff, document_type: str) -> list[Customer]:
    """Grown-up customers of the branch, of long ago, for whom nothing waits."""
    found = Customer.objects.reachable_by(teller).filter(home_branch=teller.branch, status=CustomerStatus.ACTIVE)
    found = found.filter(documents__role="primary", documents__document_type=document_type, amendments=None)
    found = found.filter(birth_date__lt=years_after(today(), -GROWN), has_cheque_account=False)
    return list(found.exclude(mobile="").filter(documents__valid_until__gt=today()).order_by("pk")[:4])


def number_of(customer: Customer) -> str:
    return customer.documents.primary().get().number


def slipped(number: str) -> str:
    """Another digit in the last place of the sequence, of the same sex; the check character is right again."""
    digit = (int(number[LAST_OF_BODY]) + 2) % 10
    return with_check(f"{number[:LAST_OF_BODY]}{digit}")


def far(customer: Customer) -> str:
    """Of the same birth date and sex, given elsewhere."""
    number = number_of(customer)
    return with_check(f"{'330782' if number[:6] != '330782' else '330683'}{number[6:14]}{12 - int(number[16]) % 2:03}")


def residence(customer: Customer) -> str:
    sequence = 101 if customer.sex == "male" else 102
    return with_check(f"{HONG_KONG}{customer.birth_date:%Y%m%d}{sequence}")


def misheard(name: str) -> str:
    return name[:-1] + ("玲" if name[-1] != "玲" else "琳")


def again(customer: Customer, *, by: Staff, number: str, name: str = "", paper: str = "") -> Customer:
    """Opened once more as at the counter."""
    entered = replace(particulars_of(customer), document_number=number)
    entered = replace(entered, name=name or entered.name, document_type=paper or entered.document_type)
    parsed = parse_document(entered.document_type, number, today=today())
    check = check_identity(name=entered.name, paper=parsed, business=Business.OPENING, by=by)
    return open_customer(check_id=check.pk, particulars=entered, by=by).customer


def particulars_of(customer: Customer) -> Particulars:
    document = customer.documents.primary().get()
    since = document.valid_from or date(2022, 5, 9)
    known = {name: getattr(customer, name) for name in Particulars().customer_fields()}
    known |= {"document_type": document.document_type, "valid_from": since, "valid_until": document.valid_until}
    return Particulars(**known, long_term=document.long_term, issuing_authority=document.issuing_authority)


def asked(survivor: Customer, absorbed: Customer, *, by: Staff):
    return ask_for_merge(
        survivor=survivor.customer_number,
        absorbed=absorbed.customer_number,
        evidence=EVIDENCE,
        choices={"address": "absorbed"},
        by=by,
    )
