"""A portfolio is taken up, split by rule and by hand, and sent to a second person."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import AlreadyDecided, FieldErrors
from tellerdesk.staff.services.accounts import deactivate_staff
from tests.factories import make_branch, make_customer, make_entity, make_staff
from tests.tiering.handing import TODAY, begun, make_people, make_portfolio, receivers, submitted
from tests.tiering.standing import make_owner, make_standing
from tiering.enums import Tier
from tiering.errors import HandOverOpen, NotBeingSplit, NothingToHandOver, NotTheMaker, PortfolioChanged
from tiering.models import HandOver, OwnerAssignment, RosterEntry
from tiering.services import set_owners
from tiering.services.hand_over_changes import change_receivers, change_tier
from tiering.services.handing_over import split_hand_over, submit_hand_over, withdraw_hand_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def people():
    return make_people()


def roster(people, name, capacity, *, tier=Tier.BRANCH_STAFF, position="teller"):
    branch = make_branch("001")
    return RosterEntry.objects.create(
        legal_entity=branch.legal_entity, branch=branch, tier=tier, staff=people[name], position=position,
        capacity=capacity, since=date(2026, 1, 1), by=people["manager"],
    )  # fmt: skip


def codes(refusal) -> dict:
    return {name: [code for code, _text in found] for name, found in refusal.value.errors.items()}


def test_a_hand_over_begins_split_evenly_by_load(people):
    make_portfolio(people, 5)
    make_portfolio(people, 1, owner="one")
    hand_over = begun(people)
    assert receivers(hand_over) == {"one": 2, "two": 3}
    assert (hand_over.status, hand_over.branch.code, hand_over.maker) == ("draft", "001", people["manager"])
    event = AuditEvent.objects.get(action="tiering.hand_over_started")
    assert (event.detail["customers"], event.detail["last_day"]) == (5, "2026-11-30")


def test_a_roster_gives_by_capacity_and_what_is_above_it_waits_for_the_manager(people):
    make_portfolio(people, 6)
    roster(people, "leaver", 50), roster(people, "one", 3)
    hand_over = begun(people)
    assert receivers(hand_over) == {"one": 3, None: 3}
    assert set(hand_over.rows.filter(receiver=None).values_list("why", flat=True)) == {"full"}


def test_a_customer_with_nobody_eligible_or_out_of_scope_waits_for_the_manager(people):
    make_standing(tier=Tier.WEALTH_MANAGEMENT, owner=people["leaver"], by=people["one"])
    make_standing(tier=Tier.OUT_OF_SCOPE, owner=people["leaver"], by=people["one"])
    hand_over = begun(people)
    assert dict(hand_over.rows.values_list("tier", "why")) == {4: "nobody", 0: "not_maintained"}


def test_a_co_owner_is_followed_by_one_of_the_same_position_who_is_no_owner_yet(people):
    wealth = make_staff("wealth", position="wealth_manager")
    presidents = [make_staff(f"president{place}", position="branch_president") for place in range(2)]
    standing = make_standing(tier=Tier.PRIVATE_WEALTH, owner=wealth, position="wealth_manager", by=people["one"])
    make_owner(standing, presidents[0], position="branch_president", is_primary=False)
    assert receivers(begun(people, leaver="president0")) == {"president1": 1}
    make_owner(standing, presidents[1], position="branch_president", is_primary=False)
    assert receivers(begun(people, leaver="president1")) == {None: 1}


def test_who_left_a_position_or_a_branch_below_is_still_found(people):
    manager2 = make_staff("manager2", position="branch_manager", branch=make_branch("002"))
    with pytest.raises(FieldErrors) as refusal:
        begun({**people, "manager": manager2})
    assert codes(refusal) == {"leaver": ["unknown_staff"]}
    gone = make_staff("gone", until=TODAY - timedelta(days=9))
    make_standing(owner=gone, by=people["one"])
    assert receivers(begun(people, leaver="gone")) != {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"leaver": "nobody"}, {"leaver": ["unknown_staff"]}),
        ({"leaver": "\x00"}, {"leaver": ["unknown_staff"]}),
        ({"leaver": "许知微"}, {"leaver": ["unknown_staff"]}),
        ({"reason": "x"}, {"reason": ["not_in_list"]}),
        ({"note": " "}, {"note": ["required"]}),
        ({"note": "x" * 201}, {"note": ["length"]}),
        ({"last_day": None}, {"last_day": ["required"]}),
        ({"last_day": date(1, 1, 1)}, {"last_day": ["out_of_range"]}),
    ],
)
def test_what_is_wrong_with_the_beginning(people, changes, expected):
    make_portfolio(people, 1)
    with pytest.raises(FieldErrors) as refusal:
        begun(people, **changes)
    assert codes(refusal) == expected
    assert not HandOver.objects.exists()


def test_nobody_of_another_legal_entity(people):
    other = make_staff("far", branch=make_branch("101", entity=make_entity("LN", "临安")))
    make_standing(owner=other, by=make_staff(branch=other.branch))
    with pytest.raises(FieldErrors):
        begun(people, leaver="far")


def test_one_open_hand_over_for_each_leaver(people):
    make_portfolio(people, 1)
    first = begun(people)
    with pytest.raises(HandOverOpen) as refusal:
        begun(people, by="head")
    assert refusal.value.context == {"id": first.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOver.objects.create(
            legal_entity=first.legal_entity, branch=first.branch, leaver=first.leaver, reason="other", note="x",
            last_day=TODAY, maker=people["head"],
        )  # fmt: skip
    withdraw_hand_over(hand_over=first, by=people["manager"])
    assert begun(people, by="head").status == "draft"


def test_who_holds_nothing_has_nothing_to_hand_over(people):
    with pytest.raises(NothingToHandOver) as refusal:
        begun(people)
    assert "夜间" not in refusal.value.as_dict()["message"]
    deactivate_staff(staff=people["leaver"], reason="离职", by=people["head"])
    with pytest.raises(NothingToHandOver) as refusal:
        begun(people)
    assert refusal.value.context["explanation"]


def test_deactivated_before_the_night_it_all_can_still_be_handed_over(people):
    make_portfolio(people, 2)
    deactivate_staff(staff=people["leaver"], reason="离职", by=people["head"])
    assert receivers(begun(people)) == {"one": 1, "two": 1}


def test_a_roster_entry_alone_is_something_to_hand_over(people):
    roster(people, "leaver", 9)
    assert begun(people).rows.count() == 0


def test_everything_to_one_where_he_may_have_it(people):
    make_portfolio(people, 4)
    roster(people, "one", 2), roster(people, "two", 9)
    hand_over = begun(people)
    split_hand_over(hand_over=hand_over, receiver="one", by=people["manager"])
    assert receivers(hand_over) == {"one": 4}
    split_hand_over(hand_over=hand_over, by=people["manager"])
    assert receivers(hand_over) == {"two": 4}
    for nobody in ("manager", "leaver", "nobody", "\x00"):
        with pytest.raises(FieldErrors):
            split_hand_over(hand_over=hand_over, receiver=nobody, by=people["manager"])


def test_splitting_again_takes_up_what_came_and_lets_go_of_what_left(people):
    kept, lost = make_portfolio(people, 2)
    hand_over = begun(people)
    set_owners(customer=lost.customer, owner="one", reason="客户要求", by=people["manager"])
    come = make_portfolio(people, 1)[0]
    with pytest.raises(PortfolioChanged) as refusal:
        submit_hand_over(hand_over=hand_over, by=people["manager"])
    assert refusal.value.context["gained"] == [come.customer.customer_number]
    assert refusal.value.context["lost"] == [lost.customer.customer_number]
    split_hand_over(hand_over=hand_over, by=people["manager"])
    assert set(hand_over.rows.handed().values_list("customer", flat=True)) == {kept.pk, come.pk}
    assert submit_hand_over(hand_over=hand_over, by=people["manager"]).status == "submitted"


def test_single_customers_by_hand(people):
    first, second = (each.customer.customer_number for each in make_portfolio(people, 2))
    hand_over = begun(people)
    changed = change_receivers(hand_over=hand_over, receivers={first: "two", second: ""}, by=people["manager"])
    assert changed == 2 - hand_over.rows.filter(by_hand=False).count()
    rows = dict(hand_over.rows.values_list("customer__customer_number", "receiver__username"))
    assert rows == {first: "two", second: None}
    assert hand_over.rows.get(customer__customer_number=second).why == "chosen"
    assert change_receivers(hand_over=hand_over, receivers={first: "two"}, by=people["manager"]) == 0


def test_by_hand_nobody_gets_whom_he_may_not_have_and_nothing_is_written(people):
    number = make_portfolio(people, 1)[0].customer.customer_number
    stranger = make_customer().customer_number
    hand_over = begun(people)
    before = receivers(hand_over)
    wanted = {number: "manager", stranger: "two"}
    with pytest.raises(FieldErrors) as refusal:
        change_receivers(hand_over=hand_over, receivers=wanted, by=people["manager"])
    assert codes(refusal) == {number: ["not_eligible"], stranger: ["unknown_customer"]}
    assert receivers(hand_over) == before


def test_a_whole_tier_by_hand_above_the_capacity_too(people):
    make_portfolio(people, 3)
    make_staff("lobby", position="lobby_manager")
    make_portfolio(people, 2, tier=Tier.BRANCH_LEAD)
    roster(people, "one", 1), roster(people, "two", 9)
    hand_over = begun(people)
    change_tier(hand_over=hand_over, tier=Tier.BRANCH_STAFF, receiver="one", by=people["manager"])
    assert set(hand_over.rows.filter(tier=2).values_list("receiver__username", flat=True)) == {"one"}
    assert set(hand_over.rows.filter(tier=3).values_list("receiver__username", flat=True)) == {"lobby", "manager"}
    with pytest.raises(FieldErrors):
        change_tier(hand_over=hand_over, tier=Tier.BRANCH_LEAD, receiver="one", by=people["manager"])


def test_only_the_maker_splits_and_only_a_draft(people):
    make_portfolio(people, 1)
    hand_over = submitted(people)
    for act in (split_hand_over, submit_hand_over):
        with pytest.raises(NotTheMaker):
            act(hand_over=hand_over, by=people["head"])
        with pytest.raises(NotBeingSplit):
            act(hand_over=hand_over, by=people["manager"])


def test_withdrawn_by_the_maker_or_by_anybody_once_the_maker_has_left(people):
    make_portfolio(people, 1)
    hand_over = submitted(people)
    with pytest.raises(NotTheMaker):
        withdraw_hand_over(hand_over=hand_over, by=people["head"])
    deactivate_staff(staff=people["manager"], reason="离职", by=people["head"])
    assert withdraw_hand_over(hand_over=hand_over, by=people["head"]).status == "withdrawn"
    with pytest.raises(AlreadyDecided):
        withdraw_hand_over(hand_over=hand_over, by=people["head"])


@pytest.mark.parametrize("count", [1, 12])
def test_the_queries_do_not_grow_with_the_portfolio(people, count, django_assert_num_queries):
    make_portfolio(people, count)
    roster(people, "one", 50)
    hand_over = begun(people)
    with django_assert_num_queries(20):
        split_hand_over(hand_over=hand_over, by=people["manager"])
    assert OwnerAssignment.objects.current().filter(owner=people["leaver"]).count() == count
