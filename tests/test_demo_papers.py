"""What the sample customers' documents show."""

from datetime import date

import pytest

from customers.models import Amendment, Customer, DocumentImage, Postponement
from tellerdesk.audit.verification import verify
from tellerdesk.demo.customers import load_customers
from tellerdesk.demo.papers_on_file import load_papers, picture
from tellerdesk.demo.schedule import COUNTERS
from tellerdesk.files.contents import content_fault
from tests.factories import make_branch, make_entity, make_staff

POSITIONS = {"teller": "teller", "supervisor": "supervisor", "manager": "branch_manager"}


@pytest.fixture
def loaded(settings, tmp_path, transactional_db):
    settings.BUSINESS_DATE = date(2026, 11, 24)
    settings.DATA_FOLDER = tmp_path
    first, second = make_entity(), make_entity("LX", "临溪农村信用社")
    for code, usernames in (COUNTERS | {"001": ("teller", "supervisor", "manager")}).items():
        branch = make_branch(code, entity=second if code == "101" else first)
        for username in usernames:
            make_staff(username, position=POSITIONS[username.rstrip("23")], branch=branch)
    load_customers(count=300, progress=list)
    load_papers(progress=list)


def test_the_papers_on_file(loaded):
    assert DocumentImage.objects.count() == 7
    assert [content_fault(each.sha256) for each in DocumentImage.objects.all()] == [""] * 7
    assert Postponement.objects.exists()
    assert Amendment.objects.filter(kind="suspension", maker=None, branch__code="001").exists()
    assert Amendment.objects.filter(changes__has_key="auxiliary_document").count() == 1
    put_off = Customer.objects.filter(documents__postponements__isnull=False)
    assert not Amendment.objects.filter(kind="suspension", customer__in=put_off).exists()
    assert verify().faults == []


def test_a_made_up_card_is_small():
    assert len(picture((220, 232, 242), with_portrait=True)) < 3000
