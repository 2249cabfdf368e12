"""The sample accounts that other people's programs may rely on."""

import pytest

from tellerdesk.audit.verification import verify
from tellerdesk.demo.accounts import load_accounts
from tellerdesk.staff.models import Staff
from tests.cases import (
    ADVISOR,
    AUDITOR,
    DEPUTY,
    HEAD,
    LOBBY,
    MANAGER,
    PRESIDENT,
    SUPERVISOR,
    TELLER,
    TRAINING,
    WEALTH,
)
from tests.databases import shared_rows

CONTRACT = {
    "001": {
        "teller": TELLER,
        "supervisor": SUPERVISOR,
        "lobby": LOBBY,
        "manager": MANAGER,
        "president": PRESIDENT,
        "advisor": ADVISOR,
        "wealth": WEALTH,
        "newcomer": TELLER,
        "relationship": "relationship_manager",
    },
    "002": {"teller2": TELLER, "supervisor2": SUPERVISOR, "manager2": MANAGER, "advisor2": ADVISOR},
    "101": {"teller3": TELLER, "manager3": MANAGER},
    "000": {
        "deputy": DEPUTY,
        "headoffice": HEAD,
        "training": TRAINING,
        "auditor": AUDITOR,
        "product": "product_manager",
        "consultant": "wealth_consultant",
    },
}
COUNTER = {"customers.check_identity", "customers.open_customer", "customers.amend_customer"}


@pytest.fixture(scope="class")
def _loaded(django_db_setup, django_db_blocker):
    with pytest.MonkeyPatch.context() as patch, shared_rows(django_db_blocker):
        patch.setenv("TELLERDESK_DEMO_PASSWORD", "one-for-all-9")
        load_accounts(progress=lambda line: None)
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_loaded")
class TestAccounts:
    def test_who_stands_where(self):
        found = {branch: {} for branch in CONTRACT}
        for staff in Staff.objects.all():
            found[staff.branch.code][staff.username] = staff.posting.position
        assert found == CONTRACT

    def test_two_legal_entities(self):
        entities = {
            staff.legal_entity.code for staff in Staff.objects.filter(username__in=["teller", "teller2", "headoffice"])
        }
        assert entities == {"HZ"}
        assert Staff.objects.get(username="teller3").legal_entity.code == "LX"

    @pytest.mark.parametrize(
        ("username", "may"),
        [
            ("teller", COUNTER),
            ("supervisor2", COUNTER),
            ("manager3", COUNTER),
            ("newcomer", set()),
            ("auditor", set()),
        ],
    )
    def test_everybody_but_the_newcomer_has_passed_what_the_position_needs(self, username, may):
        assert COUNTER & set(Staff.objects.get(username=username).permissions_now) == may

    def test_one_password_opens_all(self, client):
        answer = client.post("/accounts/login/", {"username": "wealth", "password": "one-for-all-9"})
        assert answer["Location"] == "/"

    def test_the_one_password_is_hashed_once(self):
        assert Staff.objects.values("password").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_audit_holds_afterwards(monkeypatch):
    monkeypatch.setenv("TELLERDESK_DEMO_PASSWORD", "one-for-all-9")
    load_accounts(progress=lambda line: None)
    assert verify().faults == []
