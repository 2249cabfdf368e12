"""A second person approves a hand-over, all of it is carried out at once, and it can be taken back within a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import AlreadyDecided, FieldErrors, SamePerson
from tellerdesk.staff.models import Posting
from tellerdesk.staff.services.accounts import deactivate_staff
from tests.factories import make_branch, make_staff
from tests.tiering.handing import TODAY, begun, make_people, make_portfolio, receivers, submitted
from tests.tiering.standing import SINCE, make_owner, make_standing
from tiering.enums import Tier
from tiering.errors import LeaverGone, NotHandedOver, NothingToUndo, NotTheMaker, PartyToHandOver, PortfolioChanged
from tiering.errors import UndoTooLate as TooLate
from tiering.models import (
    HandOver,
    OwnerAssignment,
    Referral,
    RosterEntry,
    TierAssignment,
    UpgradeCase,
)
from tiering.services import set_owners
from tiering.services.hand_over_changes import change_receivers
from tiering.services.hand_over_deciding import approve_hand_over, return_hand_over
from tiering.services.hand_over_undoing import undo_hand_over
from tiering.services.handing_over import split_hand_over, submit_hand_over, withdraw_hand_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def people():
    return make_people()


def approved(people, **changes) -> HandOver:
    return approve_hand_over(hand_over=submitted(people, **changes), by=people["head"])


def number_of(standing) -> str:
    return standing.customer.customer_number


def rows_of(standing) -> list[tuple]:
    found = OwnerAssignment.objects.filter(customer=standing.customer).order_by("pk")
    return list(found.values_list("owner__username", "is_primary", "since", "until", "reason", "end_reason"))


def test_owners_follow_and_the_initial_maintainer_stays(people):
    standing = make_portfolio(people, 1)[0]
    hand_over = approved(people)
    receiver = hand_over.rows.get().receiver
    assert rows_of(standing) == [
        ("leaver", True, SINCE, TODAY, "dealt", "handed_over"),
        (receiver.username, True, TODAY, None, "handed_over", ""),
    ]
    standing.refresh_from_db()
    assert (standing.owner, standing.initial_maintainer) == (receiver, people["leaver"])
    row = OwnerAssignment.objects.current().get()
    assert (row.position, row.note, row.by) == ("teller", "劳动合同期满离职", people["head"])
    assert (hand_over.status, hand_over.checker, hand_over.done_on) == ("approved", people["head"], TODAY)
    assert hand_over.number == f"001-261124-{hand_over.pk:06d}"


def test_a_co_owner_leaves_the_primary_alone(people):
    wealth, other = make_staff("wealth", position="wealth_manager"), make_staff("p2", position="branch_president")
    president = make_staff("president", position="branch_president")
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager", by=people["one"])
    make_owner(standing, president, position="branch_president", is_primary=False)
    approved(people, leaver="president")
    assert [(row[0], row[1]) for row in rows_of(standing) if row[3] is None] == [("wealth", True), ("p2", False)]
    standing.refresh_from_db()
    assert (standing.owner, other.username) == (wealth, "p2")


def test_what_goes_to_the_queue_is_nobodys_and_comes_back_with_the_undoing(people):
    first, second = make_portfolio(people, 2)
    hand_over = begun(people)
    change_receivers(hand_over=hand_over, receivers={number_of(first): "", number_of(second): ""}, by=people["manager"])
    submit_hand_over(hand_over=hand_over, by=people["manager"])
    approve_hand_over(hand_over=hand_over, by=people["deputy"])
    assert list(TierAssignment.objects.values_list("owner", flat=True)) == [None, None]
    assert not OwnerAssignment.objects.current().exists()
    undo_hand_over(hand_over=hand_over, reason="选错了人", by=people["manager"])
    assert set(TierAssignment.objects.values_list("owner__username", flat=True)) == {"leaver"}


def test_roster_entries_and_referrals_end_and_cases_go_with_the_customer(people):
    standing = make_portfolio(people, 1)[0]
    branch = make_branch("001")
    entry = RosterEntry.objects.create(
        legal_entity=branch.legal_entity, branch=branch, tier=2, staff=people["leaver"], position="teller",
        capacity=9, since=date(2026, 1, 1), by=people["manager"],
    )  # fmt: skip
    case = UpgradeCase.objects.create(
        legal_entity=branch.legal_entity, branch=branch, customer=standing.customer, owner=people["leaver"],
        opened_on=SINCE, from_tier=2, to_tier=3,
    )  # fmt: skip
    referral = Referral.objects.create(
        legal_entity=branch.legal_entity, customer=standing.customer, specialist=people["leaver"], position="teller",
        since=SINCE, note="x", referred_by=people["one"],
    )  # fmt: skip
    hand_over = approved(people)
    for each in (entry, case, referral):
        each.refresh_from_db()
    assert (entry.until, referral.until, case.status) == (TODAY, TODAY, "open")
    assert hand_over.moved == {"roster_entries": [entry.pk], "referrals": [referral.pk]}
    undo_hand_over(hand_over=hand_over, reason="选错了人", by=people["head"])
    again = RosterEntry.objects.current().get()
    assert (again.staff, again.capacity, again.since) == (people["leaver"], 9, TODAY)
    assert Referral.objects.current().get().referred_by == people["one"]


def test_one_event_with_counts_per_receiver(people):
    make_portfolio(people, 3)
    hand_over = approved(people)
    event = AuditEvent.objects.get(action="tiering.hand_over_approved")
    assert event.detail["by_receiver"] == receivers(hand_over)
    assert (event.detail["customers"], event.detail["receivers"], event.detail["queued"]) == (3, 2, 0)
    assert len(event.detail["digest"]) == 64
    assert len(event.touched) == 1


def test_nobody_with_a_part_in_it_approves(people):
    make_standing(tier=Tier.BRANCH_LEAD, owner=people["manager"], position="branch_manager", by=people["one"])
    boss = make_staff("boss", position="branch_manager")
    hand_over = submitted({**people, "manager": people["deputy"]}, leaver="manager")
    assert receivers(hand_over) == {"boss": 1}
    with pytest.raises(SamePerson):
        approve_hand_over(hand_over=hand_over, by=people["deputy"])
    for party in (people["manager"], boss):
        with pytest.raises(PartyToHandOver):
            approve_hand_over(hand_over=hand_over, by=party)
    assert approve_hand_over(hand_over=hand_over, by=people["head"]).status == "approved"


def test_only_what_was_submitted_is_decided_and_once(people):
    make_portfolio(people, 1)
    draft = begun(people)
    with pytest.raises(AlreadyDecided):
        approve_hand_over(hand_over=draft, by=people["head"])
    submit_hand_over(hand_over=draft, by=people["manager"])
    approve_hand_over(hand_over=draft, by=people["head"])
    for act in (approve_hand_over, lambda **each: return_hand_over(reason="x", **each)):
        with pytest.raises(AlreadyDecided):
            act(hand_over=draft, by=people["deputy"])
    with pytest.raises(AlreadyDecided):
        withdraw_hand_over(hand_over=draft, by=people["manager"])


def test_returned_it_is_a_draft_again_with_the_reason(people):
    make_portfolio(people, 1)
    hand_over = submitted(people)
    with pytest.raises(FieldErrors):
        return_hand_over(hand_over=hand_over, reason=" ", by=people["head"])
    with pytest.raises(SamePerson):
        return_hand_over(hand_over=hand_over, reason="x", by=people["manager"])
    returned = return_hand_over(hand_over=hand_over, reason="请分给两人", by=people["head"])
    assert (returned.status, returned.decision_reason, returned.checker) == ("draft", "请分给两人", None)
    assert submit_hand_over(hand_over=hand_over, by=people["manager"]).decision_reason == ""


def stale(people, hand_over) -> dict:
    with pytest.raises(PortfolioChanged) as refusal:
        approve_hand_over(hand_over=hand_over, by=people["head"])
    assert refusal.value.as_dict()["code"] == "stale"
    return refusal.value.context


def test_customers_that_came_or_left_since_make_it_stale(people):
    lost, _kept = make_portfolio(people, 2)
    hand_over = submitted(people)
    come = make_portfolio(people, 1)[0]
    set_owners(customer=lost.customer, owner="one", reason="客户要求", by=people["manager"])
    found = stale(people, hand_over)
    assert (found["gained"], found["lost"], found["receivers"]) == ([number_of(come)], [number_of(lost)], [])
    return_hand_over(hand_over=hand_over, reason="请重新分配", by=people["head"])
    split_hand_over(hand_over=hand_over, by=people["manager"])
    submit_hand_over(hand_over=hand_over, by=people["manager"])
    assert approve_hand_over(hand_over=hand_over, by=people["head"]).rows.handed().count() == 2


@pytest.mark.parametrize("change", ["deactivated", "moved", "owner already", "tier", "primary"])
def test_a_receiver_who_may_not_take_over_any_more_makes_it_stale(people, change):
    standing = make_portfolio(people, 1)[0]
    hand_over = begun(people)
    change_receivers(hand_over=hand_over, receivers={number_of(standing): "one"}, by=people["manager"])
    submit_hand_over(hand_over=hand_over, by=people["manager"])
    if change == "deactivated":
        deactivate_staff(staff=people["one"], reason="离职", by=people["head"])
    elif change == "moved":
        Posting.objects.filter(staff=people["one"]).update(until=TODAY - timedelta(days=1))
    elif change == "owner already":
        make_owner(standing, people["one"], is_primary=False)
    elif change == "primary":
        set_owners(customer=standing.customer, owner="two", co_owners=["leaver"], reason="x", by=people["manager"])
    else:
        TierAssignment.objects.filter(pk=standing.pk).update(tier=Tier.BRANCH_LEAD)
    found = stale(people, hand_over)
    if change == "primary":
        assert found["gained"] == [number_of(standing)]
    else:
        assert found["receivers"] == ["one"]
    assert OwnerAssignment.objects.filter(reason="handed_over").count() == 0


def test_undone_within_a_day_the_leaver_has_them_again(people):
    standing = make_portfolio(people, 1)[0]
    hand_over = approved(people)
    receiver = hand_over.rows.get().receiver.username
    undone = undo_hand_over(hand_over=hand_over, reason="选错了人", by=people["manager"])
    assert (undone.status, undone.undone_by, undone.undo_reason) == ("undone", people["manager"], "选错了人")
    assert rows_of(standing)[1:] == [
        (receiver, True, TODAY, TODAY, "handed_over", "hand_over_undone"),
        ("leaver", True, TODAY, None, "hand_over_undone", ""),
    ]
    standing.refresh_from_db()
    assert (standing.owner, standing.initial_maintainer) == (people["leaver"], people["leaver"])
    event = AuditEvent.objects.get(action="tiering.hand_over_undone")
    assert (event.detail["customers"], event.detail["left_alone"]) == (1, 0)
    with pytest.raises(NotHandedOver):
        undo_hand_over(hand_over=hand_over, reason="x", by=people["manager"])
    assert begun(people).status == "draft"


def test_what_changed_since_is_left_alone(people):
    kept, changed = make_portfolio(people, 2)
    hand_over = approved(people)
    manager = people["manager"]
    make_staff("three")
    set_owners(customer=changed.customer, owner="three", co_owners=[], reason="客户要求", by=manager)
    undo_hand_over(hand_over=hand_over, reason="选错了人", by=manager)
    outcomes = dict(hand_over.rows.values_list("customer", "undo"))
    assert outcomes == {kept.pk: "back", changed.pk: "changed"}
    assert TierAssignment.objects.get(pk=changed.pk).owner.username == "three"


def test_the_undoing_is_refused(people):
    standing = make_portfolio(people, 1)[0]
    hand_over = submitted(people)
    manager = people["manager"]
    with pytest.raises(NotHandedOver):
        undo_hand_over(hand_over=hand_over, reason="x", by=manager)
    approve_hand_over(hand_over=hand_over, by=people["head"])
    with pytest.raises(FieldErrors):
        undo_hand_over(hand_over=hand_over, reason="", by=manager)
    with pytest.raises(NotTheMaker):
        undo_hand_over(hand_over=hand_over, reason="x", by=people["deputy"])
    HandOver.objects.filter(pk=hand_over.pk).update(decided_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(TooLate):
        undo_hand_over(hand_over=hand_over, reason="x", by=manager)
    HandOver.objects.filter(pk=hand_over.pk).update(decided_at=timezone.now())
    make_staff("three")
    set_owners(customer=standing.customer, owner="three", co_owners=[], reason="客户要求", by=manager)
    with pytest.raises(NothingToUndo):
        undo_hand_over(hand_over=hand_over, reason="x", by=manager)


@pytest.mark.parametrize("change", ["deactivated", "moved", "other branch"])
def test_nothing_comes_back_to_a_leaver_who_has_gone(people, change):
    make_portfolio(people, 1)
    hand_over = approved(people)
    if change == "deactivated":
        deactivate_staff(staff=people["leaver"], reason="离职", by=people["head"])
    else:
        Posting.objects.filter(staff=people["leaver"]).update(until=TODAY - timedelta(days=1))
    if change == "other branch":
        Posting.objects.create(
            staff=people["leaver"], position="teller", branch=make_branch("002"), since=date(2026, 1, 1)
        )
    with pytest.raises(LeaverGone):
        undo_hand_over(hand_over=hand_over, reason="x", by=people["head"])
    assert HandOver.objects.get().status == "approved"
