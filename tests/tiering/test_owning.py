"""A manager sets the owners of a customer: who may own, what is kept, what changes."""

from datetime import date

import pytest
from django.db import connection

from customers.enums import CustomerStatus
from customers.models import Customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import history_of
from tellerdesk.core.errors import FieldErrors
from tests.factories import make_branch, make_customer, make_entity, make_staff
from tests.tiering.standing import SINCE, make_owner, make_standing
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.errors import NotEligible
from tiering.models import OwnerAssignment, TierAssignment
from tiering.services import set_owners

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager", name="方砚")


def owners_of(standing) -> dict:
    rows = OwnerAssignment.objects.current().filter(customer=standing.customer_id)
    return {row.owner.username: (row.position, row.is_primary) for row in rows.select_related("owner")}


def put(standing, owner: str, co_owners=None, *, by, reason="客户要求"):
    return set_owners(customer=standing.customer, owner=owner, co_owners=co_owners, reason=reason, by=by)


def refused(standing, owner: str, co_owners=None, *, by) -> dict:
    with pytest.raises(NotEligible) as refusal:
        put(standing, owner, co_owners, by=by)
    return refusal.value.as_dict()


def test_the_first_owner_becomes_the_initial_maintainer_and_stays_it(manager):
    first, second = make_staff("first"), make_staff("second")
    standing = make_standing()
    put(standing, "first", by=manager)
    put(standing, "second", by=manager)
    now = TierAssignment.objects.get(pk=standing.pk)
    assert (now.owner, now.initial_maintainer) == (second, first)
    former, present = OwnerAssignment.objects.order_by("pk")
    assert (former.owner, former.until, former.end_reason) == (first, TODAY, OwnerEnd.REPLACED)
    assert (present.owner, present.since, present.until) == (second, TODAY, None)
    assert (present.reason, present.note, present.by) == (OwnerReason.SET_BY_MANAGER, "客户要求", manager)


def test_whoever_comes_after_waits_for_locks_as_before(manager):
    def timeout() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            return cursor.fetchone()[0]

    before = timeout()
    make_staff("first")
    put(make_standing(), "first", by=manager)
    assert timeout() == before


def test_the_event_tells_who_for_whom_and_why_with_the_name_masked(manager):
    teller = make_staff("teller", name="许知微")
    standing = make_standing(make_customer(name="欧阳娜娜"))
    put(standing, teller.username, by=manager, reason="客户要求换人")
    event = AuditEvent.objects.filter(action="tiering.owners_set").get()
    detail = {"owner": "teller", "co_owners": [], "former": [], "tier": "branch_staff", "reason": "客户要求换人"}
    assert event.detail == detail
    sentence = history_of("customers.customer", standing.customer_id)[0].sentence
    assert sentence == f"方砚 为 {standing.customer.customer_number} 欧**娜 指定责任人 teller，理由：客户要求换人"


def test_three_owners_of_a_private_customer_of_whom_one_is_primary(manager):
    for username, position in (("wealth", "wealth_manager"), ("president", "branch_president")):
        make_staff(username, position=position)
    make_staff("deputy", position="deputy_president", branch=make_entity().branch_set.get(code="000"))
    standing = make_standing(tier=Tier.PRIVATE_WEALTH)
    put(standing, "wealth", ["deputy", "president"], by=manager)
    assert owners_of(standing) == {
        "wealth": ("wealth_manager", True),
        "deputy": ("deputy_president", False),
        "president": ("branch_president", False),
    }


def test_co_owners_not_spoken_of_stay_and_an_empty_list_ends_them(manager):
    wealth, president = make_staff("wealth", position="wealth_manager"), make_staff("pr", position="branch_president")
    make_staff("other", position="wealth_manager")
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager")
    make_owner(standing, president, position="branch_president", is_primary=False)
    put(standing, "other", by=manager)
    assert owners_of(standing) == {"other": ("wealth_manager", True), "pr": ("branch_president", False)}
    put(standing, "other", [], by=manager)
    assert owners_of(standing) == {"other": ("wealth_manager", True)}


def test_a_co_owner_who_is_deactivated_does_not_stay_by_silence(manager):
    wealth = make_staff("wealth", position="wealth_manager")
    make_staff("other", position="wealth_manager")
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager")
    make_owner(standing, make_staff("pr", is_active=False), position="branch_president", is_primary=False)
    put(standing, "other", by=manager)
    assert owners_of(standing) == {"other": ("wealth_manager", True)}


def test_a_co_owner_becomes_primary_and_the_primary_a_co_owner(manager):
    wealth, president = make_staff("wealth", position="wealth_manager"), make_staff("pr", position="branch_president")
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager")
    make_owner(standing, president, position="branch_president", is_primary=False)
    put(standing, "pr", ["wealth"], by=manager)
    assert owners_of(standing) == {"pr": ("branch_president", True), "wealth": ("wealth_manager", False)}
    assert OwnerAssignment.objects.filter(end_reason=OwnerEnd.REPLACED).count() == 2


def test_the_same_owners_again_write_nothing(manager):
    teller = make_staff("teller")
    standing = make_standing(owner=teller)
    put(standing, "teller", by=manager)
    assert OwnerAssignment.objects.get().since == SINCE
    assert not AuditEvent.objects.filter(action="tiering.owners_set").exists()


def test_a_present_owner_stays_though_the_tier_has_risen(manager):
    """No forced move (rules 4.4): the teller of a customer who is now in wealth management."""
    teller, advisor = make_staff("teller"), make_staff("advisor", position="financial_advisor")
    standing = make_standing(tier=Tier.WEALTH_MANAGEMENT, owner=teller)
    put(standing, "teller", ["advisor"], by=manager)
    assert owners_of(standing) == {"teller": ("teller", True), "advisor": ("financial_advisor", False)}
    assert advisor.username in owners_of(standing)


@pytest.mark.parametrize(("tier", "positions"), [
    (Tier.BRANCH_STAFF, ["teller"]),
    (Tier.BRANCH_LEAD, ["branch_manager", "lobby_manager"]),
    (Tier.WEALTH_MANAGEMENT, ["financial_advisor"]),
    (Tier.PRIVATE_WEALTH, ["wealth_manager", "deputy_president", "branch_president"]),
])  # fmt: skip
def test_another_position_is_not_eligible(manager, tier, positions):
    make_staff("boss", position="supervisor")
    standing = make_standing(tier=tier)
    said = refused(standing, "boss", by=manager)
    assert (said["code"], said["context"]["why"], said["context"]["staff"]) == ("not_eligible", "position", "boss")
    assert (said["context"]["positions"], said["context"]["branch"]) == (positions, "001")
    assert owners_of(standing) == {}


def test_a_customer_without_a_band_may_have_any_owner_of_customers(manager):
    make_staff("lobby", position="lobby_manager")
    make_staff("boss", position="supervisor")
    standing = make_standing(tier=Tier.UNBANDED)
    put(standing, "lobby", by=manager)
    assert owners_of(standing) == {"lobby": ("lobby_manager", True)}
    assert refused(standing, "boss", by=manager)["context"]["why"] == "position"


def test_the_right_position_in_another_branch_is_not_eligible(manager):
    make_staff("far", branch=make_branch("002"))
    assert refused(make_standing(), "far", by=manager)["context"]["why"] == "position"


def test_only_wealth_managers_and_deputy_presidents_may_stand_above(manager):
    head = make_entity().branch_set.get(code="000")
    make_staff("centre", position="wealth_manager", branch=head)
    make_staff("teller0", branch=head)
    private, staff = make_standing(tier=Tier.PRIVATE_WEALTH), make_standing()
    put(private, "centre", by=manager)
    assert owners_of(private) == {"centre": ("wealth_manager", True)}
    assert refused(staff, "teller0", by=manager)["context"]["why"] == "position"


def test_a_posting_that_is_over_does_not_count(manager):
    make_staff("gone", until=date(2026, 11, 23))
    make_staff("last", until=TODAY)
    make_staff("coming", since=date(2026, 11, 25))
    standing = make_standing()
    assert [refused(standing, name, by=manager)["context"]["why"] for name in ("gone", "coming")] == ["position"] * 2
    put(standing, "last", by=manager)
    assert owners_of(standing) == {"last": ("teller", True)}


def test_nobody_deactivated_even_where_owning_already(manager):
    teller = make_staff("teller", is_active=False)
    standing = make_standing(owner=teller)
    said = refused(standing, "teller", by=manager)
    assert (said["context"]["why"], said["message"]) == ("deactivated", "不能指定责任人：teller 已停用")


@pytest.mark.parametrize("tier", [None, Tier.OUT_OF_SCOPE])
def test_who_is_out_of_scope_gets_no_owner(manager, tier):
    make_staff("teller")
    customer = make_customer()
    if tier is not None:
        make_standing(customer, tier=tier)
    with pytest.raises(NotEligible) as refusal:
        set_owners(customer=customer, owner="teller", reason="x", by=manager)
    assert refusal.value.context["why"] == "out_of_scope"


def test_who_is_closed_gets_no_owner(manager):
    make_staff("teller")
    standing = make_standing()
    Customer.objects.filter(pk=standing.pk).update(status=CustomerStatus.CLOSED)
    assert refused(standing, "teller", by=manager)["context"]["why"] == "closed"


def test_names_that_are_nobody_are_told_by_field(manager):
    make_staff("teller")
    make_staff("foreign", branch=make_branch("101", entity=make_entity("LX", "临溪联社")))
    standing = make_standing()
    names = ["foreign", "nobody", "a\x00b", "\ud800", "工号"]
    with pytest.raises(FieldErrors) as refusal:
        put(standing, "teller", names, by=manager)
    codes = {field: found[0][0] for field, found in refusal.value.errors.items()}
    assert codes == {f"co_owners.{place}": "unknown_staff" for place in range(len(names))}


@pytest.mark.parametrize(("owner", "co_owners", "field"), [
    ("teller", ["teller"], "co_owners.0"),
    ("other", ["teller", "teller"], "co_owners.1"),
])  # fmt: skip
def test_nobody_is_named_twice(manager, owner, co_owners, field):
    make_staff("teller"), make_staff("other")
    with pytest.raises(FieldErrors) as refusal:
        put(make_standing(), owner, co_owners, by=manager)
    assert {name: found[0][0] for name, found in refusal.value.errors.items()} == {field: "named_twice"}


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b", "长" * 201])
def test_without_a_reason_nothing_is_set(manager, reason):
    make_staff("teller")
    standing = make_standing()
    with pytest.raises(FieldErrors) as refusal:
        put(standing, "teller", by=manager, reason=reason)
    assert set(refusal.value.errors) == {"reason"}
    assert owners_of(standing) == {}
