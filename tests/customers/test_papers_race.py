"""Two at once: the same scan, the same paper for two customers, a proposal decided and put off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from customers.errors import CustomerExists, NotAmendable
from customers.jobs.propose_suspensions import propose_suspensions
from customers.models import DocumentImage, IdentityDocument, IdentityKey
from customers.rules.further import FurtherPaper
from customers.services import add_document, add_image, approve, postpone_suspension
from tellerdesk.audit.verification import verify
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided
from tellerdesk.files.storage import keep
from tellerdesk.files.uploads import SealedUpload
from tests.customers.scans import png
from tests.factories import make_customer, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
PASSPORT = FurtherPaper("chinese_passport", "E12345678", date(2022, 1, 1), date(2032, 1, 1))


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, business_date):
    settings.DATA_FOLDER = tmp_path


def at_once(*acts) -> list:
    """What each gave, or the refusal it met."""

    def one(act):
        try:
            return act()
        except (AlreadyDecided, CustomerExists, NotAmendable) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_the_same_scan_twice_is_one_image():
    customer = make_customer()
    document = customer.documents.get()

    def send():
        upload = SealedUpload(keep([png()]), too_large=False, name="x", content_type="x")
        return add_image(customer=customer, of=document, side="front", upload=upload, by=customer.opened_by)

    images = at_once(*[send] * 4)
    assert {each.pk for each in images} == {DocumentImage.objects.get().pk}


def test_one_paper_becomes_one_customers():
    supervisor = make_staff(position="supervisor")
    waiting = []
    for _ in range(2):
        customer = make_customer(settled_abroad=True)
        act = {"customer": customer, "further": PASSPORT, "in_person": True, "reason": "补登", "by": customer.opened_by}
        waiting.append(add_document(**act))
    done = at_once(*[lambda each=each: approve(amendment=each, by=supervisor) for each in waiting])
    assert sorted(isinstance(each, CustomerExists) for each in done) == [False, True]
    assert IdentityDocument.objects.filter(document_type="chinese_passport").count() == 1
    assert IdentityKey.objects.count() == 3
    assert verify().faults == []


def test_a_proposal_is_decided_or_put_off_and_never_both():
    customer = make_customer(valid_until=today() + timedelta(days=1))
    day = today() + timedelta(days=200)
    propose_suspensions(day=day)
    proposal = customer.amendments.get()
    manager, second = (make_staff(position="branch_manager") for _ in range(2))
    IdentityDocument.objects.update(valid_until=today() - timedelta(days=100))
    until = today() + timedelta(days=30)
    at_once(
        lambda: approve(amendment=proposal, by=manager),
        lambda: postpone_suspension(customer=customer, until=until, ground="住院", by=second),
    )
    proposal.refresh_from_db()
    customer.refresh_from_db()
    put_off = customer.documents.get().postponements.exists()
    assert (proposal.status, customer.status, put_off) in (
        ("applied", "suspended", False),
        ("withdrawn", "active", True),
    )


def test_the_daily_job_at_two_workers_proposes_once():
    for _ in range(3):
        make_customer(valid_until=today() + timedelta(days=1))
    day = today() + timedelta(days=200)
    done = at_once(*[lambda: propose_suspensions(day=day)] * 3)
    assert sum(each.proposed for each in done) == 3
