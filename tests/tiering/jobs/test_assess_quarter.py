"""The quarter's SQL finds what the rules find, on generated customers, owners, days, merges and closures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.sql import SQL

from customers.models import Amendment, Customer
from tests.tiering.jobs.days import undone
from tests.tiering.rules.policies import STANDARD
from tiering.enums import Indicator
from tiering.jobs import quarter_pass
from tiering.jobs.assess_quarter import judge_rest
from tiering.jobs.assessed_days import DayWanted, keep_day
from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_apart import find_apart
from tiering.jobs.quarter_customers import COUNTING, attach
from tiering.jobs.quarter_figures import add_up, keep_figures
from tiering.jobs.quarter_owners import find_positions
from tiering.jobs.quarter_pass import pass_over
from tiering.jobs.quarter_ranks import rank
from tiering.models import AssessedDay, Assessment, OwnerAssignment, SnapshotDay, SnapshotLine
from tiering.rules.indicators import COUNTED, Facts, Part, Tally, parts_of, ranked, rates_of, shares_of, tallied
from tiering.rules.quarter_owners import (
    CATEGORY_BY_POSITION,
    Stint,
    aum_standing,
    owner_at_arrival,
    owner_on,
    position_of,
    reached_on,
)
from tiering.rules.quarters import Quarter
from tiering.selectors.behind import BEHIND, WEALTHY
from tiering.selectors.judged import Counted, all_parts, judged

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ENTITY, BRANCHES, OWNERS, NUMBER = 7_001, (11, 12), (101, 102, 103), 555
QUARTER = Quarter(2026, 3)
OPENING, CLOSING = date(2026, 6, 29), date(2026, 9, 29)  # the days themselves are missing
DAYS = (date(2026, 5, 31), OPENING, date(2026, 7, 31), date(2026, 8, 31), CLOSING)
POLICY = STANDARD
CATEGORIES = 0b1110111  # one bit is not in the list any more
EARLIEST = QUARTER.previous.first_day
EVERYBODY = "CREATE TEMPORARY TABLE everybody ON COMMIT DROP AS SELECT *, {parts} AS all_parts FROM ({everybody}) j"
FLOORS = [band.floor for band in POLICY.bands]


@dataclass
class Person:
    """By day: AUM and bits of products. `merged_into` is the number of another."""

    number: int
    branch: int
    lines: dict[date, tuple[int, int]]
    stints: list[Stint]
    closed_on: date | None = None
    merged_into: int | None = None
    absorbed: list["Person"] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        return self.closed_on is not None and self.closed_on <= QUARTER.closing_on

    def days(self) -> dict[date, tuple[int, int]]:
        """With whoever was merged into this one: amounts added, products held by either."""
        found = dict(self.lines)
        for other in self.absorbed:
            for day, (aum, bits) in other.lines.items():
                had = found.get(day, (0, 0))
                found[day] = had[0] + aum, had[1] | bits
        return found

    def every_stint(self) -> list[Stint]:
        others = (Stint(s.place, s.owner, s.position, s.since, s.until, False) for o in self.absorbed for s in o.stints)
        return [*self.stints, *others]


amounts = st.one_of(
    st.sampled_from([floor + off for floor in FLOORS for off in (-1, 0, 1)]), st.integers(-1_000_000, 250_000_000)
)
some_days = st.dates(date(2026, 5, 1), date(2026, 10, 10))
ends = [each + timedelta(days=off) for each in (QUARTER.opening_on, QUARTER.closing_on) for off in (-1, 0, 1)]
closures = st.sampled_from([None] * 12 + [date(2026, 5, 1), date(2026, 8, 1), QUARTER.closing_on, date(2026, 10, 1)])


# Whoever wanted fewer or more of the day before may have had it kept.
kept_floors = st.sampled_from([FLOORS[-1], FLOORS[-1] - 1, 1])
# What of a share (rules.indicators.shares_of) makes somebody one of those behind a figure.
SHARES = {
    (Indicator.CHURN_RATE, "numerator"): ["churned"],
    (Indicator.UPGRADE_RATE, "numerator"): ["upgraded"],
    (Indicator.PRODUCT_COVERAGE, "numerator"): ["closing_customers"],
    (Indicator.PRODUCT_COVERAGE, "denominator"): ["closing_customers"],
    (Indicator.CUSTOMER_GROWTH, "numerator"): ["new_customers", "left_customers"],
    (Indicator.CUSTOMER_GROWTH, "new"): ["new_customers"],
    (Indicator.CUSTOMER_GROWTH, "left"): ["left_customers"],
    (Indicator.AUM_GROWTH, "numerator"): ["opening_customers", "closing_aum"],
    (Indicator.AUM_GROWTH, "denominator"): ["opening_customers", "closing_aum"],
    (WEALTHY, "numerator"): ["wealthy_opening", "wealthy_closing"],
    (WEALTHY, "opening"): ["wealthy_opening"],
    (WEALTHY, "closing"): ["wealthy_closing"],
}


@st.composite
def people(draw) -> list[Person]:
    found, place = [], 0
    for number in range(1, draw(st.integers(1, 7)) + 1):
        lines = {day: (draw(amounts), draw(st.integers(0, 255))) for day in DAYS if draw(st.integers(0, 3)) > 0}
        stints, since = [], draw(some_days | st.sampled_from(ends))
        for _ in range(draw(st.integers(0, 4))):
            later = st.integers(0, 60).map(lambda days, since=since: since + timedelta(days=days))
            taken_back = st.just(since - timedelta(days=1))
            until = draw(
                st.none() | taken_back | later | st.sampled_from(ends).map(lambda end, since=since: max(end, since))
            )
            place += 1
            position = draw(st.sampled_from(["teller", "lobby_manager", "financial_advisor"]))
            stints.append(Stint(place, draw(st.sampled_from(OWNERS)), position, since, until))
            if until is None:
                break
            since = max(since, until) + timedelta(days=draw(st.integers(0, 2) | st.integers(0, 20)))
        found.append(Person(number, draw(st.sampled_from(BRANCHES)), lines, stints, draw(closures)))
    for person in found[1:]:
        if draw(st.integers(0, 3)) == 0 and not found[0].closed_on:
            person.merged_into, person.closed_on, person.branch = found[0].number, None, found[0].branch
            found[0].absorbed.append(person)
    return found


def facts_of(person: Person) -> Facts:
    """What the rules know of a customer and nobody's absorbed number."""
    days, stints = person.days(), person.every_stint()
    money = {day: aum for day, (aum, _bits) in days.items()}
    before, after = owner_on(stints, QUARTER.opening_on), owner_on(stints, QUARTER.closing_on)
    opening = money.get(OPENING)
    if opening is None and before and not person.closed:
        opening = aum_standing(money, OPENING, not_before=EARLIEST)
    closing, bits = days.get(CLOSING, (None, 0))
    wealthy = opening is not None and opening >= POLICY.bands[1].floor
    if closing is None and not person.closed and (before or wealthy):
        closing = aum_standing(money, CLOSING, not_before=OPENING)
        bits = max(((day, each) for day, (_aum, each) in days.items() if day >= OPENING), default=(None, 0))[1]
    reached = reached_on(money, POLICY.entry, after=OPENING, last=CLOSING)
    arrival = owner_at_arrival(stints, reached, QUARTER.closing_on) if reached else None
    return Facts(
        person.branch,
        opening,
        closing,
        person.closed,
        (bits & CATEGORIES).bit_count(),
        before and before.owner,
        after and after.owner,
        arrival and arrival.owner,
    )


def owned(owner: int = 101, since: date = date(2026, 1, 1), until: date | None = None, place: int = 1) -> Stint:
    return Stint(place, owner, "teller", since, until)


@pytest.fixture
def cursor():
    with undone() as cursor:
        cursor.execute(
            f"CREATE TABLE quarter_lines PARTITION OF tiering_snapshotline FOR VALUES IN ({ENTITY})"
            " PARTITION BY LIST (as_of)"
        )
        for day in DAYS:
            text = "CREATE TABLE {} PARTITION OF quarter_lines (PRIMARY KEY (customer_id)) FOR VALUES IN ('{}')"
            cursor.execute(text.format(table_of(day), day))
        yield cursor


def table_of(day: date) -> str:
    return f"quarter_lines_{day:%Y%m%d}"


def fill(persons: list[Person]) -> None:
    Customer.objects.using("owner").bulk_create(customer(each) for each in persons)
    SnapshotLine.objects.using("owner").bulk_create(
        SnapshotLine(
            customer_id=p.number, legal_entity_id=ENTITY, as_of=day, branch_id=p.branch, aum=aum, categories=bits,
            card_level=0, admission=0, tier=1, reasons=1,
        )
        for p in persons
        for day, (aum, bits) in p.lines.items()
    )  # fmt: skip
    beside = owned(OWNERS[-1] + 1)
    owners = [assignment(s.place, p.number, s) for p in persons for s in p.stints]
    owners += [assignment(1_000 + p.number, p.number, beside, is_primary=False) for p in persons]
    owners += [assignment(2_000 + p.number, 100 + p.number, beside, entity=ENTITY + 1) for p in persons]
    OwnerAssignment.objects.using("owner").bulk_create(owners)
    Amendment.objects.using("owner").bulk_create(
        Amendment(
            legal_entity_id=ENTITY, branch_id=1, customer_id=p.number, kind="closure", status="applied", maker_id=1,
            decided_at=datetime.combine(p.closed_on, time(), UTC),
        )
        for p in persons
        if p.closed_on
    )  # fmt: skip


def assignment(
    pk: int, customer_id: int, stint: Stint, *, is_primary: bool = True, entity: int = ENTITY
) -> OwnerAssignment:
    return OwnerAssignment(
        pk=pk, legal_entity_id=entity, customer_id=customer_id, owner_id=stint.owner, position=stint.position,
        is_primary=is_primary, since=stint.since, until=stint.until, reason="dealt",
    )  # fmt: skip


def customer(person: Person) -> Customer:
    state = "merged" if person.merged_into else "closed" if person.closed_on else "active"
    return Customer(
        pk=person.number, legal_entity_id=ENTITY, customer_number=f"{person.number:06}", status=state,
        verification="migrated", name="x", sex="male", birth_date=date(1985, 1, 1), occupation="clerical", address="x",
        mobile="x",
        opening_branch_id=person.branch, home_branch_id=person.branch, opened_by_id=1,
        merged_into_id=person.merged_into,
    )  # fmt: skip


def kept(cursor, as_of: date, owned_on: date, floor: int) -> int:
    day = SnapshotDay(legal_entity_id=ENTITY, as_of=as_of, table_name=table_of(as_of))
    return keep_day(cursor, DayWanted(day, owned_on, floor)).pk


def assess(cursor, floors: tuple[int, int] = (FLOORS[-1], FLOORS[-1]), bounds: Sequence[int] = ()) -> Assessment:
    """`floors` from which the two days are kept; `bounds` are numbers between the parts of the pass."""
    opening = kept(cursor, OPENING, QUARTER.opening_on, floors[0])
    closing = kept(cursor, CLOSING, QUARTER.closing_on, floors[1])
    assessed = Assessed(
        *(NUMBER, ENTITY, table_of(OPENING), table_of(CLOSING), *map(AssessedDay.lines_table, (opening, closing))),
        *(OPENING, CLOSING, QUARTER.opening_on, QUARTER.closing_on, POLICY, CATEGORIES, EARLIEST),
    )
    find_apart(cursor, assessed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quarter_pass, "BOUNDS", f"SELECT ARRAY{list(bounds)}::bigint[]")
        pass_over(cursor, assessed)
    judge_rest(cursor, assessed)
    add_up(cursor, assessed)
    attach(cursor, assessed)
    keep_figures(cursor, assessed)
    find_positions(cursor, assessed)
    rank(cursor, assessed)
    version = Assessment(pk=NUMBER, legal_entity_id=ENTITY, quarter=str(QUARTER), category_bits=CATEGORIES)
    version.opening_day_id, version.closing_day_id = opening, closing
    everybody = judged(version, POLICY, Counted([(part, "") for part in COUNTING]))
    parts = {"everybody": everybody, "parts": all_parts(POLICY)}
    cursor.execute(SQL(EVERYBODY).format(**parts))
    return version


def found_customers(cursor) -> dict[int, tuple]:
    cursor.execute(
        "SELECT customer_id, branch_id, opening_aum, closing_aum, products, opening_owner_id, closing_owner_id,"
        " all_parts FROM everybody"
    )
    return {row[0]: row[1:] for row in cursor.fetchall()}


def found_tallies(cursor) -> dict[tuple[int, int | None], Tally]:
    cursor.execute(
        f"SELECT branch_id, owner_id, {', '.join(COUNTED)} FROM tiering_assessmentfigure WHERE assessment_id = %s",
        [NUMBER],
    )
    return {(branch, owner): Tally(*counts) for branch, owner, *counts in cursor.fetchall()}


def expected_customers(facts: dict[int, Facts]) -> dict[int, tuple]:
    found = {}
    for number, each in facts.items():
        parts = parts_of(each, POLICY)
        if parts & ~Part.CLOSED:
            owners = (each.opening_owner, each.closing_owner)
            found[number] = (each.branch, each.opening, each.closing, each.products, *owners, int(parts))
    return found


def without_products_of_the_gone(rows: dict[int, tuple]) -> dict[int, tuple]:
    """What somebody holds matters, and is kept, for whom C1 counts."""
    return {n: (*row[:3], row[3] if row[-1] & Part.HELD else None, *row[4:]) for n, row in rows.items()}


def survivors(persons: list[Person]) -> dict[int, Person]:
    return {each.number: each for each in persons if each.merged_into is None}


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    persons=people(),
    floors=st.tuples(kept_floors, kept_floors),
    bounds=st.lists(st.integers(0, 8), max_size=3),
    whose=st.tuples(st.sampled_from([None, *OWNERS]), st.sampled_from([None, BRANCHES[:1], ()])),
)
def test_sql_and_rules_find_the_same(cursor, persons, floors, bounds, whose):
    facts = {number: facts_of(each) for number, each in survivors(persons).items()}
    with transaction.atomic(using="owner"):
        fill(persons)
        version = assess(cursor, floors, bounds)
        behind = {key: found_behind(cursor, version, *key, *whose) for key in BEHIND}
        found, tallies = found_customers(cursor), found_tallies(cursor)
        positions, places = found_positions(cursor), found_places(cursor)
        transaction.set_rollback(True, using="owner")
    assert without_products_of_the_gone(found) == without_products_of_the_gone(expected_customers(facts))
    assert tallies == {key: each for key, each in tallied(facts.values(), POLICY).items() if each != Tally()}
    assert behind == {key: expected_behind(facts, *key, *whose) for key in BEHIND}
    assert positions == expected_positions(persons)
    assert places == expected_places(tallies, positions)


def found_behind(cursor, version: Assessment, indicator: str, part: str, owner, branches) -> set[int]:
    whose = None if indicator == WEALTHY else owner
    counted = Counted(BEHIND[indicator, part], branches, whose, once=indicator == Indicator.AUM_GROWTH)
    cursor.execute(SQL("SELECT customer_id FROM ({}) j").format(judged(version, POLICY, counted)))
    return {number for (number,) in cursor.fetchall()}


def expected_behind(facts: dict[int, Facts], indicator: str, part: str, owner, branches) -> set[int]:
    counts = SHARES.get((indicator, part), ["opening_customers"])
    return {
        number
        for number, each in facts.items()
        if branches is None or each.branch in branches
        for whose, share in shares_of(each, parts_of(each, POLICY))
        if (owner is None or indicator == WEALTHY or whose == owner) and any(getattr(share, name) for name in counts)
    }


def found_positions(cursor) -> dict[int, str]:
    cursor.execute("SELECT owner_id, position FROM assess_positions")
    return dict(cursor.fetchall())


def found_places(cursor) -> dict[int, list]:
    cursor.execute(
        f"SELECT owner_id, category, {', '.join(Indicator)} FROM tiering_assessedowner WHERE assessment_id = %s",
        [NUMBER],
    )
    return {owner: place for owner, *place in cursor.fetchall()}


def expected_places(tallies: dict[tuple[int, int | None], Tally], positions: dict[int, str]) -> dict[int, list]:
    """By owner: the category, and the rank of every indicator within it, over all branches."""
    owners: dict[int, Tally] = {}
    for (_branch, owner), tally in tallies.items():
        if owner is not None:
            owners[owner] = owners.get(owner, Tally()) + tally
    rates = {owner: rates_of(tally, CATEGORIES.bit_count()) for owner, tally in owners.items()}
    category = {owner: CATEGORY_BY_POSITION[positions[owner]] for owner in owners}
    found: dict[int, list] = {owner: [category[owner]] for owner in owners}
    for indicator in Indicator:
        for owner, place in found.items():
            alike = {each: rates[each][indicator] for each in owners if category[each] == category[owner]}
            place.append(ranked(alike, low_is_good=indicator == Indicator.CHURN_RATE).get(owner))
    return found


def expected_positions(persons: list[Person]) -> dict[int, str]:
    held: dict[int, tuple[list, list, list]] = {}
    for person in survivors(persons).values():
        stints = person.every_stint()
        reached = reached_on(
            {day: aum for day, (aum, _bits) in person.days().items()}, POLICY.entry, after=OPENING, last=CLOSING
        )
        arrival = reached and Part.NEW in parts_of(facts_of(person), POLICY)
        whose = (
            owner_on(stints, QUARTER.opening_on),
            owner_on(stints, QUARTER.closing_on),
            owner_at_arrival(stints, reached, QUARTER.closing_on) if arrival else None,
        )
        for place, stint in enumerate(whose):
            if stint:
                held.setdefault(stint.owner, ([], [], []))[place].append(stint.position)
    return {owner: position_of(before, after or arrived) for owner, (before, after, arrived) in held.items()}


def one(lines: dict[date, int], *stints: Stint, number: int = 1, closed: bool = False) -> Person:
    closed_on = date(2026, 8, 1) if closed else None
    return Person(number, 11, {day: (aum, 1) for day, aum in lines.items()}, list(stints), closed_on)


def parts_found(cursor, *persons: Person) -> dict[int, Part]:
    with transaction.atomic(using="owner"):
        fill(list(persons))
        assess(cursor)
        found = found_customers(cursor)
        transaction.set_rollback(True, using="owner")
    return {number: Part(row[-1]) for number, row in found.items()}


def test_a_cut_off_file_loses_nobody(cursor):
    """Owned at the beginning, no line on the last day: the one before it counts."""
    there = one({OPENING: 6_000_000, DAYS[2]: 7_000_000}, owned())
    assert parts_found(cursor, there) == {1: Part.OPENING | Part.HELD}


def test_closed_is_lost_though_the_core_system_still_sends_a_line(cursor):
    gone = one({OPENING: 6_000_000, CLOSING: 6_000_000}, owned(), closed=True)
    assert parts_found(cursor, gone) == {1: Part.OPENING | Part.CHURNED | Part.LEFT | Part.CLOSED}


def test_who_closed_long_ago_is_not_written_with_every_version(cursor):
    gone, sent_again = (
        one({}, owned(until=date(2026, 6, 1)), closed=True),
        one({OPENING: 6_000_000}, number=2, closed=True),
    )
    fill([gone, sent_again])
    assess(cursor)
    cursor.execute("SELECT customer_id FROM tiering_assessmentcustomer")
    assert cursor.fetchall() == [(2,)]


def test_a_customer_of_nobody_is_nobodys_figure_but_the_branchs(cursor):
    assert parts_found(cursor, one({OPENING: 1, CLOSING: 6_000_000})) == {}
    assert parts_found(cursor, one({OPENING: 1, CLOSING: 30_000_000})) == {1: Part.WEALTHY_CLOSING}


def test_what_was_assessed_cannot_be_written_by_the_application(cursor):
    for table in ("tiering_assessmentcustomer", "tiering_assessmentfigure", "tiering_assessedowner"):
        with connections["default"].cursor() as other:
            other.execute("SELECT has_table_privilege(current_user, %s, 'INSERT, UPDATE, DELETE')", [table])
            assert other.fetchone() == (False,)
