"""Owners of many customers in one transaction: all or nothing, one event, a few statements."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_staff
from tests.tiering.standing import SINCE, make_owner, make_standing
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.errors import NotEligible
from tiering.models import OwnerAssignment, TierAssignment
from tiering.services.owner_changes import Holder, OwnerChange, set_many

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager", name="方砚")


def put(changes, *, by, note="领养到人"):
    return set_many(
        changes, reason=OwnerReason.ADOPTED, note=note, subject=make_branch(), action="tiering.owners_set", by=by
    )


def to(standing, primary, *co_owners, note=""):
    return OwnerChange(
        standing.pk, Holder(primary, "teller"), tuple(Holder(each, "teller") for each in co_owners), note
    )


def rows_of(standing) -> list[tuple]:
    rows = OwnerAssignment.objects.filter(customer=standing.pk).order_by("pk")
    return list(rows.values_list("owner__username", "is_primary", "until", "end_reason", "reason"))


def test_who_ends_who_begins_and_who_stays(manager):
    one, two, three = (make_staff(name) for name in ("one", "two", "three"))
    nobodys, owned, same = make_standing(), make_standing(owner=one), make_standing(owner=two)
    make_owner(owned, three, is_primary=False)
    put([to(nobodys, one, two), to(owned, two, three), to(same, two)], by=manager)
    assert rows_of(nobodys) == [("one", True, None, "", "adopted"), ("two", False, None, "", "adopted")]
    assert rows_of(owned) == [
        ("one", True, TODAY, OwnerEnd.REPLACED, "dealt"),
        ("three", False, None, "", "dealt"),
        ("two", True, None, "", "adopted"),
    ]
    assert rows_of(same) == [("two", True, None, "", "dealt")]
    primaries = dict(TierAssignment.objects.values_list("pk", "owner__username"))
    assert primaries == {nobodys.pk: "one", owned.pk: "two", same.pk: "two"}
    maintainers = dict(TierAssignment.objects.values_list("pk", "initial_maintainer__username"))
    assert maintainers == {nobodys.pk: "one", owned.pk: "one", same.pk: "two"}


def test_one_event_tells_how_many_and_to_whom(manager):
    one, two = make_staff("one"), make_staff("two")
    put([to(make_standing(), one), to(make_standing(), one), to(make_standing(owner=one), two)], by=manager)
    event = AuditEvent.objects.get(action="tiering.owners_set")
    counts = {"customers": 3, "begun": 3, "ended": 1, "customers_by_owner": {"one": 2, "two": 1}, "reason": "领养到人"}
    assert (event.detail, event.actor) == (counts, "manager")


def test_one_refusal_undoes_all(manager):
    one = make_staff("one")
    good, out = make_standing(), make_standing(tier=Tier.OUT_OF_SCOPE)
    with pytest.raises(NotEligible):
        put([to(good, one), to(out, one)], by=manager)
    assert (rows_of(good), TierAssignment.objects.get(pk=good.pk).owner) == ([], None)


def test_a_row_that_begins_later_ends_on_the_day_it_begins(manager, settings):
    settings.BUSINESS_DATE = date(2026, 10, 1)
    one, two = make_staff("one"), make_staff("two")
    standing = make_standing(owner=one)
    put([to(standing, two)], by=manager)
    assert rows_of(standing)[0][2] == SINCE


def test_its_own_note_stands_before_the_whole_s(manager):
    one = make_staff("one")
    noted, other = make_standing(), make_standing()
    put([to(noted, one, note="老客户"), to(other, one)], by=manager)
    assert dict(OwnerAssignment.objects.values_list("customer", "note")) == {noted.pk: "老客户", other.pk: "领养到人"}


@pytest.mark.parametrize("number", [2, 6])
def test_as_many_statements_for_many_as_for_few(manager, number):
    one = make_staff("one")
    changes = [to(make_standing(owner=manager, position="branch_manager"), one) for _ in range(number)]
    branch = make_branch()
    with CaptureQueriesContext(
        connection,
    ) as found:
        set_many(changes, reason=OwnerReason.ADOPTED, note="x", subject=branch, action="tiering.owners_set", by=manager)
    tables = [each["sql"] for each in found if "tiering_" in each["sql"]]
    assert len(tables) == 6, tables
