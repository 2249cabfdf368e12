"""The customer's choice after a rise, the specialists beside the owner, and the credit that stays (rules 4.4)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.enums import HistoryKind
from customers.selectors.timeline import HistoryAsked
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import history_of
from tellerdesk.core.errors import AlreadyDecided, FieldErrors
from tests.factories import make_branch, make_entity, make_qualified, make_staff, sign_in
from tests.tiering.standing import make_owner, make_standing
from tests.training.makers import make_course
from tiering.enums import OwnerEnd, OwnerReason, Tier, UpgradeStatus
from tiering.errors import AlreadyReferred, NobodyToReferFor, NotEligible, SameOwner
from tiering.models import OwnerAssignment, Referral, TierAssignment, UpgradeCase
from tiering.selectors.customer_history import owner_lines
from tiering.selectors.standing import customer_tier
from tiering.services.referring import end_referral, refer
from tiering.services.upgrade_choices import record_change, record_stay

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
OPENED = date(2026, 11, 20)
CASES = "/api/v1/tiering/upgrade-cases/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


@pytest.fixture
def teller(manager):
    return make_qualified(make_staff("teller", name="许知微"))


@pytest.fixture
def advisor(manager):
    return make_qualified(make_staff("advisor", position="financial_advisor", name="苏晚晴"))


def risen(owner, *, to=Tier.WEALTH_MANAGEMENT, **options) -> UpgradeCase:
    standing = make_standing(tier=to, owner=owner, **options)
    return UpgradeCase.objects.create(
        legal_entity_id=standing.legal_entity_id,
        branch_id=standing.branch_id,
        customer_id=standing.pk,
        owner=owner,
        opened_on=OPENED,
        from_tier=Tier.BRANCH_STAFF,
        to_tier=to,
    )


def owner_rows(case) -> list[tuple]:
    rows = OwnerAssignment.objects.filter(customer=case.customer_id).order_by("pk")
    return list(rows.values_list("owner__username", "is_primary", "until", "end_reason", "reason"))


def test_who_stays_keeps_everything_and_the_case_is_closed(teller):
    case = risen(teller)
    before = owner_rows(case)
    record_stay(case=case, note="仍由许知微维护", by=teller)
    case.refresh_from_db()
    assert (case.status, case.decided_by, case.decided_on, case.note) == ("stay", teller, TODAY, "仍由许知微维护")
    assert owner_rows(case) == before
    assert AuditEvent.objects.get(action="tiering.upgrade_stayed").detail == {
        "from_tier": "branch_staff",
        "to_tier": "wealth_management",
        "owner": "teller",
        "note": "仍由许知微维护",
    }


def test_who_changes_gets_the_new_owner_and_the_credit_stays(manager, teller, advisor):
    case = risen(teller)
    record_change(case=case, owner="advisor", note="要理财经理", by=manager)
    assert owner_rows(case) == [
        ("teller", True, TODAY, OwnerEnd.UPGRADE_CHOICE, "dealt"),
        ("advisor", True, None, "", OwnerReason.UPGRADE_CHOICE),
    ]
    standing = TierAssignment.objects.get(pk=case.customer_id)
    assert (standing.owner, standing.initial_maintainer) == (advisor, teller)
    case.refresh_from_db()
    assert (case.status, case.new_owner) == (UpgradeStatus.CHANGE, advisor)
    sentence = history_of("customers.customer", case.customer_id)[0].sentence
    assert "advisor" in sentence


def test_co_owners_stay_and_one_of_them_may_become_the_owner(manager, teller, advisor):
    case = risen(teller)
    standing = TierAssignment.objects.get(pk=case.customer_id)
    make_owner(standing, advisor, position="financial_advisor", is_primary=False)
    make_owner(standing, make_staff("helper"), is_primary=False)
    record_change(case=case, owner="advisor", by=manager)
    present = {(name, first) for name, first, until, *_ in owner_rows(case) if until is None}
    assert present == {("advisor", True), ("helper", False)}


@pytest.mark.parametrize(("owner", "error"), [("teller", SameOwner), ("other", NotEligible), ("nobody", FieldErrors)])
def test_whom_the_customer_cannot_choose(manager, teller, owner, error):
    make_staff("other")
    case = risen(teller, to=Tier.BRANCH_STAFF if owner == "teller" else Tier.WEALTH_MANAGEMENT)
    before = owner_rows(case)
    with pytest.raises(error):
        record_change(case=case, owner=owner, by=manager)
    case.refresh_from_db()
    assert (case.status, owner_rows(case)) == ("open", before)


def test_a_choice_is_recorded_once(manager, teller, advisor):
    case = risen(teller)
    record_stay(case=case, by=teller)
    for decide in (
        lambda: record_stay(case=case, by=manager),
        lambda: record_change(case=case, owner="advisor", by=manager),
    ):
        with pytest.raises(AlreadyDecided):
            decide()


def test_with_nobody_there_is_nobody_to_stay_with_until_somebody_is_chosen(manager, teller, advisor):
    """Handed over into the manager's queue, say, before the night lets the case lapse."""
    case = risen(teller)
    OwnerAssignment.objects.filter(customer=case.customer_id).update(until=TODAY, end_reason=OwnerEnd.HANDED_OVER)
    TierAssignment.objects.filter(pk=case.customer_id).update(owner=None)
    client = sign_in(manager)
    assert client.get(CASES).json()["results"][0]["owner"] is None
    assert "无责任人" in client.get("/tiering/upgrades/").content.decode()
    assert b"".join(client.post("/tiering/upgrades/export/").streaming_content)
    refused = post(client, f"{CASES}{case.pk}/choice/", choice="stay")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_owner")
    assert client.post(f"/tiering/upgrades/{case.pk}/", {"choice": "stay"}).status_code == 200
    assert post(client, f"{CASES}{case.pk}/choice/", choice="change", owner="advisor").status_code == 200


def post(client, address: str, **body):
    return client.post(address, body, content_type="application/json")


def test_the_owner_records_by_the_interface_that_the_customer_stays_but_no_change(teller, advisor):
    case, client = risen(teller), sign_in(teller)
    address = f"{CASES}{case.pk}/choice/"
    refused = post(client, address, choice="change", owner="advisor")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    answer = post(client, address, choice="stay", note="不变")
    assert (answer.status_code, answer.json()["status"], answer.json()["owner"]) == (200, "stay", "teller")
    again = post(client, address, choice="stay")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")


def test_the_manager_records_a_change_by_the_interface(manager, teller, advisor):
    case = risen(teller)
    answer = post(sign_in(manager), f"{CASES}{case.pk}/choice/", choice="change", owner="advisor", note="客户要求")
    body = answer.json()
    assert (answer.status_code, body["status"], body["new_owner"], body["owner"]) == (
        200,
        "change",
        "advisor",
        "advisor",
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"choice": "maybe"},
        {"choice": ["stay"]},
        {"choice": "stay", "note": "\x00"},
        {"choice": "stay", "note": "好" * 201},
        {"choice": "stay", "note": 5},
        {"choice": "change", "owner": {"a": 1}},
        {"choice": "change", "owner": "\ud83d"},
        {"choice": "change", "owner": ""},
        [],
    ],
)
def test_what_is_no_choice_is_400(manager, teller, body):
    case = risen(teller)
    answer = sign_in(manager).post(f"{CASES}{case.pk}/choice/", body, content_type="application/json")
    assert answer.status_code == 400
    case.refresh_from_db()
    assert case.status == "open"


def test_others_cases_are_not_there(manager, teller):
    case = risen(teller)
    others = [
        make_qualified(make_staff("colleague")),
        make_qualified(make_staff("manager2", position="branch_manager", branch=make_branch("002"))),
        make_qualified(
            make_staff(
                "foreign", position="branch_manager", branch=make_branch("101", entity=make_entity("LX", "临溪"))
            )
        ),
    ]
    for person in others:
        client = sign_in(person)
        assert post(client, f"{CASES}{case.pk}/choice/", choice="stay").status_code == 404
        assert client.get(f"/tiering/upgrades/{case.pk}/").status_code == 404
        assert [each["id"] for each in client.get(CASES).json()["results"]] == []
        assert client.get(f"/tiering/upgrades/{10**25}/").status_code == 404


def test_the_list_is_of_one_s_view_and_as_many_queries_for_more_lines(manager, teller):
    risen(teller)
    risen(make_staff("other"))
    assert len(sign_in(teller).get(CASES).json()["results"]) == 1
    client = sign_in(manager)
    found = client.get(CASES).json()["results"]
    assert [(each["days"], each["from_tier"], each["may_choose"]) for each in found] == [(4, "branch_staff", True)] * 2
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/tiering/upgrades/").status_code == 200
        counts.append(len(counted))
        risen(teller)
    assert counts[0] == counts[1]


def test_pages_show_the_case_and_record_it(manager, teller, advisor):
    case = risen(teller)
    number = case.customer.customer_number
    client = sign_in(manager)
    page = client.get(f"/tiering/upgrades/{case.pk}/").content.decode()
    assert "苏晚晴" in page
    assert 'value="change"' in page
    for address in (f"/customers/{number}/", f"/tiering/customers/{number}/", "/tiering/upgrades/"):
        assert f"/tiering/upgrades/{case.pk}/" in client.get(address).content.decode()
    wrong = client.post(f"/tiering/upgrades/{case.pk}/", {"choice": "change", "owner": ""})
    assert wrong.status_code == 200
    answer = client.post(f"/tiering/upgrades/{case.pk}/", {"choice": "change", "owner": "advisor", "note": "x"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.new_owner == advisor
    again = client.post(f"/tiering/upgrades/{case.pk}/", {"choice": "stay"}, follow=True)
    assert again.status_code == 200


def test_the_owner_s_page_offers_no_change(teller, advisor):
    page = sign_in(teller).get(f"/tiering/upgrades/{risen(teller).pk}/").content.decode()
    assert 'value="stay"' in page
    assert 'value="change"' not in page


def test_excel_says_what_it_is_and_is_told(manager, teller):
    risen(teller)
    answer = sign_in(manager).post("/tiering/upgrades/export/")
    assert answer["Content-Type"].endswith("sheet")
    assert b"".join(answer.streaming_content)
    assert AuditEvent.objects.get(action="tiering.upgrades_exported").detail["rows"] == 1


# referral


@pytest.fixture
def consultant(manager):
    head = make_entity().branch_set.get(code="000")
    return make_staff("consultant", position="wealth_consultant", branch=head, name="白见山")


def test_a_specialist_serves_and_the_owner_stays(teller, consultant):
    case = risen(teller)
    referral = refer(customer=case.customer, specialist="consultant", note="家族信托", by=teller)
    assert (referral.case, referral.position, referral.since) == (case, "wealth_consultant", TODAY)
    assert owner_rows(case) == [("teller", True, None, "", "dealt")]
    with pytest.raises(AlreadyReferred):
        refer(customer=case.customer, specialist="consultant", by=teller)
    end_referral(referral=referral, by=teller)
    with pytest.raises(AlreadyDecided):
        end_referral(referral=referral, by=teller)
    assert refer(customer=case.customer, specialist="consultant", by=teller).until is None


def test_who_may_not_be_referred_to(teller, manager, consultant):
    case = risen(teller)
    make_staff("far", position="wealth_consultant", branch=make_branch("002"))
    make_staff("gone", position="wealth_consultant", is_active=False)
    for name in ("far", "gone", "manager"):
        with pytest.raises(NotEligible):
            refer(customer=case.customer, specialist=name, by=teller)
    with pytest.raises(NobodyToReferFor):
        refer(customer=make_standing().customer, specialist="consultant", by=manager)


def test_a_referred_specialist_finds_the_customer_in_his_lists_until_it_ends(teller, consultant):
    case = risen(teller)
    number, client = case.customer.customer_number, sign_in(consultant)
    lists = ("/tiering/referrals/", CASES)

    def finds() -> list[bool]:
        return [number in client.get(address).content.decode() for address in lists]

    assert finds() == [False, False]
    referral = refer(customer=case.customer, specialist="consultant", note="家族信托", by=teller)
    assert finds() == [True, True]
    assert client.get(CASES).json()["results"][0]["may_choose"] is False
    end_referral(referral=referral, by=teller)
    assert finds() == [False, False]


def test_referral_by_page_and_interface(teller, manager, consultant):
    case = risen(teller)
    number, client = case.customer.customer_number, sign_in(teller)
    page = client.get(f"/tiering/customers/{number}/").content.decode()
    assert "白见山" in page
    address = f"/api/v1/customers/{number}/referrals/"
    answer = post(client, address, specialist="consultant", note="家族信托")
    assert (answer.status_code, answer.json()["specialist"]) == (201, "consultant")
    assert post(client, address, specialist="consultant").json()["code"] == "already_referred"
    assert [each["name"] for each in client.get(address).json()["results"]] == ["白见山"]
    assert post(sign_in(make_qualified(make_staff("other"))), address, specialist="consultant").status_code == 404
    ended = client.post(f"/tiering/referrals/{answer.json()['id']}/end/")
    assert ended.status_code == 302
    assert Referral.objects.get().until == TODAY
    posted = client.post(f"/tiering/customers/{number}/referrals/", {"specialist": "consultant", "note": "再次"})
    assert posted.status_code == 302
    assert Referral.objects.current().count() == 1
    refused = client.post(f"/tiering/customers/{number}/referrals/", {"specialist": "nobody\x00"})
    assert refused.status_code == 200


# credit


def test_the_credit_is_the_first_owner_s_and_the_branch_s_once_he_has_left(manager, teller, advisor):
    case = risen(teller)
    record_change(case=case, owner="advisor", by=manager)
    number, client = case.customer.customer_number, sign_in(manager)

    def credit() -> dict:
        return client.get(f"/api/v1/customers/{number}/tier/").json()["credit"]

    assert credit() == {"staff": "teller", "name": "许知微", "beneficiary": None}
    type(teller).objects.filter(pk=teller.pk).update(is_active=False)
    assert credit() == {"staff": "teller", "name": "许知微", "beneficiary": "001"}
    assert customer_tier(case.customer).credit_beneficiary == make_branch()
    assert customer_tier(make_standing().customer).credited_to is None


def test_the_history_tells_a_choice_once(manager, teller, advisor):
    case = risen(teller)
    record_change(case=case, owner="advisor", note="客户要求", by=manager)
    lines = owner_lines(HistoryAsked(case.customer, {case.customer_id: case.customer.customer_number}))
    assert [line.action for line in lines] == ["owner_began"]  # the night's own
    page = sign_in(manager).get(f"/customers/{case.customer.customer_number}/history/?kind={HistoryKind.STANDING}")
    assert "advisor" in page.content.decode()
