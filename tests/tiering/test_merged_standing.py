"""Tier and owners of two customers who become one, and two again."""

from datetime import date

import pytest
from django.db import transaction

from customers.enums import AmendmentStatus
from customers.services import approve
from tellerdesk.audit.models import AuditEvent
from tests.customers.merges import ask, manager, merge, reread, undo
from tests.factories import make_customer, make_staff
from tests.tiering.bank import make_bank
from tests.tiering.standing import make_owner, make_standing
from tiering.enums import OwnerEnd, OwnerReason, Tier, UpgradeStatus
from tiering.errors import StandingBusy
from tiering.models import OwnerAssignment, TierAssignment, TierSummary, UpgradeCase
from tiering.services.referring import refer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


def customers():
    teller = make_staff()
    return make_customer(by=teller), make_customer(by=teller)


def present(customer) -> list[tuple]:
    rows = OwnerAssignment.objects.current().filter(customer=customer).order_by("-is_primary", "pk")
    return [(row.owner, row.is_primary, row.reason) for row in rows]


def standing(customer) -> TierAssignment:
    return TierAssignment.objects.get(customer=customer)


def test_the_absorbed_customer_leaves_and_an_owner_stays():
    survivor, absorbed = customers()
    ours, theirs = make_staff(), make_staff()
    make_standing(survivor, owner=ours)
    make_standing(absorbed, tier=Tier.PRIVATE_WEALTH, owner=theirs)
    merge(survivor, absorbed)
    assert present(survivor) == [(ours, True, OwnerReason.DEALT)]
    assert present(absorbed) == []
    assert (standing(absorbed).tier, standing(absorbed).owner, standing(absorbed).aum) == (Tier.OUT_OF_SCOPE, None, 0)
    ended = OwnerAssignment.objects.get(owner=theirs)
    assert (ended.end_reason, ended.until) == (OwnerEnd.MERGED, date(2026, 11, 24))
    assert standing(survivor).tier == Tier.BRANCH_STAFF


def test_a_survivor_without_owner_receives_the_primary_one():
    survivor, absorbed = customers()
    primary, beside, first = make_staff(), make_staff(), make_staff()
    make_standing(survivor)
    TierAssignment.objects.filter(customer=survivor).update(initial_maintainer=first)
    make_owner(make_standing(absorbed, owner=primary), beside, is_primary=False)
    merge(survivor, absorbed)
    assert present(survivor) == [(primary, True, OwnerReason.MERGED)]
    assert (standing(survivor).owner, standing(survivor).initial_maintainer) == (primary, first)


@pytest.mark.parametrize("was_in", [False, True])
def test_a_survivor_in_no_tier_takes_the_absorbed_ones(was_in):
    survivor, absorbed = customers()
    owner = make_staff()
    if was_in:
        make_standing(survivor, tier=Tier.OUT_OF_SCOPE)
    make_standing(absorbed, tier=Tier.WEALTH_MANAGEMENT, owner=owner)
    request = merge(survivor, absorbed)
    assert (standing(survivor).tier, standing(survivor).owner) == (Tier.WEALTH_MANAGEMENT, owner)
    assert standing(survivor).initial_maintainer == owner
    undo(request)
    assert (standing(survivor).tier, standing(survivor).owner) == (Tier.OUT_OF_SCOPE, None)
    assert (standing(absorbed).tier, standing(absorbed).owner) == (Tier.WEALTH_MANAGEMENT, owner)


def test_whoever_was_never_in_a_tier_moves_nothing():
    survivor, absorbed = customers()
    undo(merge(survivor, absorbed))
    assert TierAssignment.objects.count() == OwnerAssignment.objects.count() == 0
    assert not AuditEvent.objects.filter(action__startswith="tiering.owners").exists()


def test_the_undoing_gives_owners_back():
    survivor, absorbed = customers()
    primary, beside, gone = make_staff(), make_staff(), make_staff()
    before = make_standing(absorbed, tier=Tier.BRANCH_LEAD, owner=primary)
    make_owner(before, beside, is_primary=False)
    make_owner(before, gone, is_primary=False)
    make_standing(survivor)
    request = merge(survivor, absorbed)
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    undo(request)
    assert present(absorbed) == [(primary, True, OwnerReason.UNMERGED), (beside, False, OwnerReason.UNMERGED)]
    assert present(survivor) == []
    now = standing(absorbed)
    assert (now.tier, now.owner, now.aum, now.since) == (Tier.BRANCH_LEAD, primary, before.aum, before.since)
    assert standing(survivor).owner is None


def test_an_owner_set_since_the_merge_stays_with_the_survivor():
    survivor, absorbed = customers()
    theirs, later = make_staff(), make_staff()
    make_standing(absorbed, owner=theirs)
    make_standing(survivor)
    request = merge(survivor, absorbed)
    OwnerAssignment.objects.current().filter(customer=survivor).update(until=date(2026, 11, 24), end_reason="replaced")
    make_owner(standing(survivor), later)
    TierAssignment.objects.filter(customer=survivor).update(owner=later)
    undo(request)
    assert present(survivor) == [(later, True, OwnerReason.DEALT)]
    assert standing(survivor).owner == later


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_board_and_lists_go_on_agreeing():
    bank = make_bank(nights=1)
    numbers = [bank.customers[name] for name in ("private", "fell in October")]
    survivor, absorbed = (TierAssignment.objects.get(customer__customer_number=each).customer for each in numbers)

    def counted():
        rows = TierSummary.objects.exclude(customers=0).values_list("branch_id", "tier", "customers", "aum", "unowned")
        held = {}
        for row in TierAssignment.objects.in_scope():
            found = held.setdefault((row.branch_id, row.tier), [0, 0, 0])
            found[0], found[1], found[2] = found[0] + 1, found[1] + row.aum, found[2] + (row.owner_id is None)
        return {(branch, tier): list(each) for branch, tier, *each in rows}, held

    request = merge(survivor, absorbed)
    board, lists = counted()
    assert board == lists
    undo(request)
    board, lists = counted()
    assert board == lists


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_while_the_night_is_at_it_the_approval_is_asked_to_wait():
    survivor, absorbed = customers()
    row = make_standing(absorbed)
    request = ask(survivor, absorbed)
    with transaction.atomic(using="owner"):
        TierAssignment.objects.using("owner").select_for_update().get(pk=row.pk)
        with pytest.raises(StandingBusy):
            approve(amendment=request, by=manager())
    request.refresh_from_db()
    reread(absorbed)
    assert (request.status, absorbed.merged_into) == (AmendmentStatus.PENDING_REVIEW, None)
    approve(amendment=request, by=manager())


@pytest.mark.parametrize("stays", [True, False])
def test_an_absorbed_customer_is_asked_nothing_and_served_by_nobody_until_it_is_undone(stays):
    """Where the owner comes back with the undoing, so do the choice that was his to ask and the specialist."""
    survivor, absorbed = customers()
    owner, specialist = make_staff(), make_staff(position="wealth_consultant")
    make_standing(survivor, owner=owner)
    gone = make_standing(absorbed, tier=Tier.BRANCH_LEAD, owner=owner)
    case = UpgradeCase.objects.create(
        legal_entity_id=gone.legal_entity_id,
        branch_id=gone.branch_id,
        customer=absorbed,
        owner=owner,
        opened_on=date(2026, 11, 20),
        from_tier=Tier.BRANCH_STAFF,
        to_tier=Tier.BRANCH_LEAD,
    )
    referral = refer(customer=absorbed, specialist=specialist.username, by=owner)
    request = merge(survivor, absorbed)
    case.refresh_from_db()
    referral.refresh_from_db()
    assert (case.status, referral.until) == (UpgradeStatus.LAPSED, date(2026, 11, 24))
    if not stays:
        type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    undo(request)
    case.refresh_from_db()
    assert (case.status, case.decided_on) == (
        (UpgradeStatus.OPEN, None) if stays else (UpgradeStatus.LAPSED, date(2026, 11, 24))
    )
    assert list(absorbed.referrals.current().values_list("specialist", "referred_by")) == (
        [(specialist.pk, owner.pk)] if stays else []
    )
