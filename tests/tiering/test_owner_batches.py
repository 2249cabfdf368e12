"""领养 in three ways: what the preview finds, and that it is carried out whole or not at all."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.errors import AlreadyDecided, FieldErrors
from tests.factories import make_branch, make_entity, make_qualified, make_staff
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.enums import BANDED, BatchStatus, OwnerReason, Tier
from tiering.errors import BatchEmpty, BatchStale, TooManyLines
from tiering.models import OwnerAssignment, OwnerBatch, TierAssignment
from tiering.services import set_owners
from tiering.services.adopting import adopt_by_file, adopt_by_hand, adopt_evenly
from tiering.services.owner_batches import apply_batch, discard_batch

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


@pytest.fixture
def lobby(manager):
    return make_qualified(make_staff("lobby", position="lobby_manager", name="程小满"))


def numbers(*standings) -> list[str]:
    return [each.customer.customer_number for each in standings]


def by_hand(standings, owner: str, *, by, note="季末领养") -> OwnerBatch:
    return adopt_by_hand(branch=make_branch(), customer_numbers=numbers(*standings), owner=owner, note=note, by=by)


def by_file(text: str | bytes, *, by, name="领养.csv") -> OwnerBatch:
    data = text if isinstance(text, bytes) else text.encode()
    return adopt_by_file(branch=make_branch(), file_name=name, source=lambda: io.BytesIO(data), note="分行下发", by=by)


def codes(batch) -> list[str]:
    return list(batch.lines.values_list("code", flat=True))


def owners() -> dict[str, str | None]:
    return dict(TierAssignment.objects.values_list("customer__customer_number", "owner__username"))


def test_a_preview_changes_no_owner_and_its_confirmation_all(manager):
    make_staff("teller")
    standings = [make_standing() for _ in range(3)]
    batch = by_hand(standings, "teller", by=manager)
    assert (batch.customers, batch.errors, set(owners().values())) == (3, 0, {None})
    apply_batch(batch=batch, by=manager)
    assert owners() == dict.fromkeys(numbers(*standings), "teller")
    rows = OwnerAssignment.objects.values_list("reason", "note", "position", "is_primary", "since").distinct()
    assert list(rows) == [(OwnerReason.ADOPTED, "季末领养", "teller", True, TODAY)]
    batch.refresh_from_db()
    assert (batch.status, batch.decided_by) == (BatchStatus.APPLIED, manager)
    assert set(TierAssignment.objects.values_list("initial_maintainer__username", flat=True)) == {"teller"}


def test_events_tell_of_preview_and_confirmation(manager):
    make_staff("teller")
    apply_batch(batch=by_hand([make_standing()], "teller", by=manager), by=manager)
    told = dict(AuditEvent.objects.filter(action__startswith="tiering.batch").values_list("action", "detail"))
    assert told["tiering.batch_previewed"] == {"kind": "hand", "customers": 1, "errors": 0, "reason": "季末领养"}
    assert told["tiering.batch_applied"]["customers_by_owner"] == {"teller": 1}


def test_every_kind_of_wrong_line_is_named_and_left_out(manager):
    other = make_branch("002")
    teller = make_staff("teller")
    make_staff("beside", branch=other)
    make_staff("gone", is_active=False)
    good, owned, out = make_standing(), make_standing(owner=teller), make_standing(tier=Tier.OUT_OF_SCOPE)
    elsewhere = make_standing(by=make_staff(position="supervisor", branch=other))
    a, b, c, d = numbers(good, owned, out, elsewhere)
    e, f, g = numbers(*(make_standing() for _ in range(3)))
    lines = [
        (a, "teller", "", ""),
        ("99999999999999", "teller", "", "unknown_customer"),
        (b, "teller", "", "already_owned"),
        (c, "teller", "", "out_of_scope"),
        (d, "teller", "", "other_branch"),
        (e, "nobody", "", "unknown_staff"),
        (e, "teller", "", "other_line"),
        (f, "gone", "", "deactivated"),
        (g, "beside", "", "not_eligible"),
        (g, "teller", "x", "bad_primary"),
        (g, "teller", "x", "duplicate_line"),
    ]
    text = "客户号,责任人,主责\n" + "".join(f"{number},{owner},{first}\n" for number, owner, first, _ in lines)
    batch = by_file(text, by=manager)
    assert codes(batch) == [code for *_, code in lines]
    assert (batch.customers, batch.errors) == (1, 10)
    apply_batch(batch=batch, by=manager)
    assert {number: name for number, name in owners().items() if name} == {a: "teller", b: "teller"}


def test_the_file_may_be_gb18030_with_tabs_and_name_co_owners(manager):
    make_staff("one"), make_staff("two")
    standing = make_standing()
    [number] = numbers(standing)
    text = f"责任人\t客户号\t主责\t备注\none\t{number}\t否\t\ntwo\t{number}\t是\t老客户\n"
    apply_batch(batch=by_file(text.encode("gb18030"), by=manager), by=manager)
    rows = OwnerAssignment.objects.order_by("owner__username").values_list("owner__username", "is_primary", "note")
    assert list(rows) == [("one", False, "老客户"), ("two", True, "老客户")]


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"a,b\n1,2\n", "客户号,主责\n1,1\n".encode()])
def test_what_is_no_such_table_is_refused_as_a_whole(manager, data):
    with pytest.raises(FieldErrors) as refusal:
        by_file(data, by=manager)
    assert list(refusal.value.errors) == ["file"]


def test_a_record_that_cannot_be_read_is_one_line_of_the_preview(manager):
    batch = by_file(b'customer_number,owner\n"open,teller\n1\n,\n\xff\xfe,teller\n', by=manager)
    assert set(codes(batch)) <= {"broken_quotes", "missing_column", "wrong_encoding", "unknown_customer"}
    assert batch.customers == 0
    with pytest.raises(BatchEmpty):
        apply_batch(batch=batch, by=manager)


def test_more_lines_than_a_batch_takes_are_refused(manager, monkeypatch):
    monkeypatch.setattr("tiering.services.adopting.MOST_LINES", 2)
    with pytest.raises(TooManyLines):
        by_file("customer_number,owner\n1,a\n2,a\n3,a\n", by=manager)


def test_a_reason_is_wanted(manager):
    with pytest.raises(FieldErrors):
        by_hand([make_standing()], "manager", by=manager, note=" ")


def test_who_may_not_set_owners_adopts_for_himself_only(lobby):
    make_staff("teller")
    first, second = make_standing(tier=Tier.BRANCH_LEAD), make_standing()
    assert codes(by_hand([second], "teller", by=lobby)) == ["only_oneself"]
    assert codes(by_hand([second], "lobby", by=lobby)) == ["not_eligible"]
    apply_batch(batch=by_hand([first], "lobby", by=lobby), by=lobby)
    assert owners()[first.customer.customer_number] == "lobby"


def test_what_changed_since_the_preview_stops_all_of_it_and_is_named(manager):
    make_staff("teller")
    first, second = make_standing(), make_standing()
    batch = by_hand([first, second], "teller", by=manager)
    set_owners(customer=second.customer, owner="teller", reason="先到", by=manager)
    with pytest.raises(BatchStale) as refusal:
        apply_batch(batch=batch, by=manager)
    [number] = numbers(second)
    assert refusal.value.context == {
        "number": 1,
        "first": number,
        "customers": [{"customer_number": number, "code": "already_owned"}],
    }
    assert owners()[first.customer.customer_number] is None
    batch.refresh_from_db()
    assert batch.status == BatchStatus.PREVIEW


def test_an_owner_who_left_meanwhile_makes_it_stale(manager):
    teller = make_staff("teller")
    batch = by_hand([make_standing()], "teller", by=manager)
    type(teller).objects.filter(pk=teller.pk).update(is_active=False)
    with pytest.raises(BatchStale) as refusal:
        apply_batch(batch=batch, by=manager)
    assert refusal.value.context["customers"][0]["code"] == "deactivated"


@pytest.mark.parametrize("again", [apply_batch, discard_batch])
@pytest.mark.parametrize("first", [apply_batch, discard_batch])
def test_a_batch_is_decided_once(manager, first, again):
    batch = by_hand([make_standing(tier=Tier.BRANCH_LEAD)], "manager", by=manager)
    first(batch=batch, by=manager)
    with pytest.raises(AlreadyDecided):
        again(batch=batch, by=manager)


def spread(standings=None, people=(), *, by, tiers=BANDED) -> OwnerBatch:
    chosen = None if standings is None else numbers(*standings)
    return adopt_evenly(branch=make_branch(), customer_numbers=chosen, tiers=tiers, people=people, note="均分", by=by)


def gets(batch) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in batch.lines.filter(code="").values_list("username", flat=True):
        found[name] = found.get(name, 0) + 1
    return found


def test_an_even_spread_fills_who_has_least(manager):
    opener, loaded = make_staff(position="supervisor"), make_staff("loaded")
    make_staff("free")
    for _ in range(2):
        make_standing(owner=loaded, by=opener)
    standings = [make_standing(by=opener) for _ in range(4)]
    assert gets(spread(standings, by=manager)) == {"loaded": 1, "free": 3}


def test_it_stays_among_those_chosen_and_takes_all_unowned_where_none_is_named(manager):
    for name in ("one", "two", "three"):
        make_staff(name)
    for _ in range(4):
        make_standing()
    make_standing(owner=make_staff("four"))
    assert gets(spread(people=["one", "two"], by=manager)) == {"one": 2, "two": 2}


def test_a_private_customer_gets_one_of_each(manager):
    for name, position in (("wealth", "wealth_manager"), ("president", "branch_president")):
        make_staff(name, position=position)
    make_staff("deputy", position="deputy_president", branch=make_entity().branch_set.get(code="000"))
    batch = spread([make_standing(tier=Tier.PRIVATE_WEALTH)], by=manager)
    assert gets(batch) == {"wealth": 1, "president": 1, "deputy": 1}
    assert list(batch.lines.filter(is_primary=True).values_list("username", flat=True)) == ["wealth"]
    assert (batch.customers, batch.errors) == (1, 0)


def test_who_finds_nobody_is_named(manager):
    make_staff("teller")
    batch = spread([make_standing(), make_standing(tier=Tier.WEALTH_MANAGEMENT)], by=manager)
    assert sorted(codes(batch)) == ["", "nobody_eligible"]


@pytest.mark.parametrize("number", [1, 12])
def test_as_many_queries_for_many_lines_as_for_few(manager, number):
    make_staff("teller")
    standings = [make_standing() for _ in range(number)]
    with CaptureQueriesContext(connection) as previewed:
        batch = by_hand(standings, "teller", by=manager)
    with CaptureQueriesContext(connection) as applied:
        apply_batch(batch=batch, by=manager)
    assert (len(previewed), len(applied)) == (20, 30)
