from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.jobs.days import ENTITY, OTHER, fill_day, make_customers, make_night, mark_day, rows_of, undone
from tests.tiering.jobs.test_assign_tiers import line_of
from tests.tiering.rules.generated import STRICT, Person, people
from tests.tiering.rules.policies import STANDARD
from tiering.enums import IN_SCOPE, CardLevel, Reason, Tier
from tiering.jobs.assign_tiers import assign_tiers
from tiering.jobs.summarise import summarise
from tiering.rules.moves import counted, move_on, net_movement
from tiering.rules.near import near_limits, without_line

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
# Before the quarter, before the month, in the month.
DAYS = (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 23), date(2026, 11, 24))
MONTH, QUARTER = date(2026, 11, 1), date(2026, 10, 1)
TODAY = DAYS[-1]
# Of customers 1 to 8: around the age limit, for those without a line are judged by their own birth date.
BORN = {number: date(1965, 11, 20 + number) for number in range(1, 9)}
# Long enough for a fall to wait from one of these days to the next but one.
SLOW = replace(STANDARD, grace_days=40)
ADMITTED = Reason.ADMISSION_PRIVATE_WEALTH | Reason.ADMISSION_WEALTH_MANAGEMENT
NAMES = ["customers", "aum", "unowned", "near_up", "near_down", "month_up", "month_down", "quarter_up", "quarter_down"]


def summary_of(cursor, day: date, entity: int = ENTITY) -> dict:
    """By branch and tier, noughts left out."""
    query = (
        f"SELECT branch_id, tier, {', '.join(NAMES)} FROM tiering_tiersummary WHERE (legal_entity_id, as_of) = (%s, %s)"
    )
    rows = rows_of(cursor, query, [entity, day])
    return {(branch, tier): {n: v for n, v in zip(NAMES, row, strict=True) if v != 0} for branch, tier, *row in rows}


def limits_of(cursor, entity: int = ENTITY) -> set[tuple]:
    query = """SELECT branch_id, customer_id, tier, aum, rises, to_tier, "limit", distance
    FROM tiering_nearlimit WHERE legal_entity_id = %s"""
    return set(rows_of(cursor, query, [entity]))


def run(cursor, day: date, lines: dict[int, Person], policy=STANDARD, **changes):
    night = make_night(day, policy, **changes)
    fill_day(cursor, night, lines)
    assign_tiers(cursor, night)
    summary = summarise(cursor, night)
    mark_day(cursor, night)
    return summary


class Twin:
    """What SQL has to come to, in words of the rules."""

    def __init__(self):
        self.standing, self.people, self.moves, self.days, self.found = {}, {}, [], [], {}

    def run(self, day: date, lines: dict[int, Person], policy) -> None:
        as_lines = {customer: line_of(each, day, policy) for customer, each in lines.items()}
        given = {"as_of": day, "policy_version": policy.version, "grace_days": policy.grace_days}
        outcome = move_on(self.standing, as_lines, **given)
        self.standing, self.lines = outcome.standing, lines
        self.moves += [(day, move) for move in outcome.moves]
        self.people |= lines
        self.days.append(day)
        self.found = self.near(day, policy)

    def near(self, day: date, policy) -> dict[int, list]:
        """Who has no line is known by the standing row, admission by its reasons."""
        present = {c: (each, self.tier(c)) for c, each in self.lines.items()}
        missing = {
            c: (replace(self.people[c], admission=row.line.reasons & ADMITTED), row.tier)
            for c, row in self.standing.items()
            if row.tier and c not in present
        }
        known = {**missing, **present}
        silent = {c: without_line(found, self.tier(c), policy) for c, found in self.found.items() if c not in known}
        return silent | {c: near_limits(each.facts(day), tier, policy) for c, (each, tier) in known.items()}

    def tier(self, customer: int) -> Tier:
        return self.standing[customer].tier if customer in self.standing else Tier.OUT_OF_SCOPE

    def limits(self, day: date, policy) -> set[tuple]:
        return {
            (each.branch, c, self.tier(c), each.aum, found.rises, found.to_tier, found.limit, found.distance)
            for c, near in self.near(day, policy).items()
            for each in [self.people[c]]
            for found in near
        }

    def summary(self, day: date, policy) -> dict:
        sums: dict[tuple, Counter] = {}
        for row in self.standing.values():
            if row.tier:
                key = sums.setdefault((row.line.branch, row.tier), Counter())
                key.update(customers=1, aum=row.line.aum, unowned=1)
        for c, near in self.near(day, policy).items():
            for found in near:
                name = "near_up" if found.rises else "near_down"
                sums.setdefault((self.people[c].branch, self.tier(c)), Counter())[name] += 1
        for name, begin in (("month", MONTH), ("quarter", QUARTER)):
            for key, number in self.movement(begin).items():
                sums.setdefault(key[:2], Counter())[f"{name}_{key[2]}"] += number
        return {key: {n: v for n, v in each.items() if v} for key, each in sums.items()}

    def movement(self, begin: date) -> Counter:
        baseline = max((day for day in self.days if day < begin), default=None)
        if baseline is None:
            return Counter()
        found = Counter()
        for c, step in net_movement(move for day, move in self.moves if day > baseline).items():
            ((tier, way),) = counted([step])
            found[self.standing[c].line.branch, tier, way] += 1
        return found


def dated(lines: dict[int, Person]) -> dict[int, Person]:
    return {customer: replace(each, birth_date=BORN[customer]) for customer, each in lines.items()}


lines_of_a_day = st.dictionaries(st.integers(1, 8), people(TODAY), max_size=8).map(dated)


@settings(deadline=None, max_examples=50)
@given(
    days=st.lists(st.sampled_from(DAYS[:-1]), unique=True).map(sorted).map(lambda days: [*days, TODAY]),
    lines=st.lists(lines_of_a_day, min_size=5, max_size=5),
    policy=st.sampled_from([STANDARD, STRICT, SLOW]),
)
def test_sql_and_twin_agree(days, lines, policy):
    twin = Twin()
    with undone() as cursor:
        make_customers(BORN)
        for day, of_day in zip(days, lines, strict=False):
            twin.run(day, of_day, policy)
            summary = run(cursor, day, of_day, policy)
        assert limits_of(cursor) == twin.limits(TODAY, policy)
        assert summary_of(cursor, TODAY) == twin.summary(TODAY, policy)
        tiers = Counter(row.tier.code for row in twin.standing.values() if row.tier)
        out = len(BORN) - sum(tiers.values())
        assert summary.tiers == {tier.code: 0 for tier in IN_SCOPE} | tiers | {"out_of_scope": out}


RICH = Person(11, 300_000_00, date(1980, 1, 1), None, None, None, CardLevel.NONE, 0)
STAFF = replace(RICH, aum=60_000_00)
NEARLY = replace(RICH, aum=49_000_00)


@pytest.mark.parametrize(("policy", "to_tiers"), [(STANDARD, {Tier.BRANCH_LEAD}), (SLOW, set())])
def test_whose_fall_waits_does_not_stand_to_rise_where_he_still_is(policy, to_tiers):
    with undone() as cursor:
        run(cursor, DAYS[3], {1: replace(STAFF, aum=110_000_00)}, policy)
        run(cursor, TODAY, {1: replace(STAFF, aum=95_000_00)}, policy)
        assert {limit[5] for limit in limits_of(cursor)} == to_tiers
        due = Tier.BRANCH_LEAD if policy == SLOW else Tier.BRANCH_STAFF
        assert summary_of(cursor, TODAY)[11, due]["customers"] == 1


def test_movement_counts_from_the_last_day_before_month_and_quarter():
    with undone() as cursor:
        run(cursor, date(2026, 9, 30), {1: RICH, 2: STAFF, 3: NEARLY})
        run(cursor, date(2026, 10, 20), {1: STAFF, 2: RICH, 3: STAFF})
        run(cursor, TODAY, {1: STAFF, 2: RICH, 3: RICH})
        found = summary_of(cursor, TODAY)
    assert {tier: {n: v for n, v in row.items() if "_" in n} for (_, tier), row in found.items()} == {
        Tier.WEALTH_MANAGEMENT: {"month_up": 1, "quarter_up": 2, "quarter_down": 1},
        Tier.BRANCH_STAFF: {},
    }


def test_a_day_that_came_in_late_is_its_own_lines():
    with undone() as cursor:
        run(cursor, DAYS[0], {1: RICH, 2: STAFF})
        run(cursor, TODAY, {1: STAFF, 2: STAFF, 3: NEARLY})
        near = limits_of(cursor)
        night = make_night(DAYS[1], moves_standing=False)
        fill_day(cursor, night, {1: replace(RICH, aum=205_000_00), 3: NEARLY})
        assert summarise(cursor, night).tiers["wealth_management"] == 1
        assert summary_of(cursor, DAYS[1]) == {
            (11, Tier.WEALTH_MANAGEMENT): {"customers": 1, "aum": 205_000_00, "unowned": None, "near_down": 1},
            (11, Tier.OUT_OF_SCOPE): {"unowned": None, "near_up": 1},
        }
        owed = "SELECT DISTINCT overdue, warned, incomplete FROM tiering_tiersummary WHERE as_of = %s"
        assert rows_of(cursor, owed, [DAYS[1]]) == [(None, None, None)]
        assert limits_of(cursor) == near


@pytest.fixture
def parent_day():
    """Adds the lines of a night to the partitioned table, for what looks back there."""

    def attach(cursor, night):
        cursor.execute(f"CREATE TABLE part_{night.as_of:%Y%m%d} (LIKE tiering_snapshotline INCLUDING CONSTRAINTS)")
        cursor.execute(f"INSERT INTO part_{night.as_of:%Y%m%d} SELECT * FROM {night.table}")
        if night.as_of == DAYS[0]:
            cursor.execute(
                f"CREATE TABLE part_entity PARTITION OF tiering_snapshotline FOR VALUES IN ({ENTITY})"
                " PARTITION BY LIST (as_of)"
            )
        cursor.execute(
            f"ALTER TABLE part_entity ATTACH PARTITION part_{night.as_of:%Y%m%d} FOR VALUES IN ('{night.as_of}')"
        )

    return attach


def test_a_day_that_was_the_newest_once_is_added_up_anew(parent_day):
    """The missing of that day count as they stood then; movement and what was owed stay."""
    with undone() as cursor:
        run(cursor, DAYS[0], {1: STAFF, 2: STAFF, 4: NEARLY})
        parent_day(cursor, make_night(DAYS[0]))
        run(cursor, DAYS[2], {1: RICH, 3: STAFF})
        before = summary_of(cursor, DAYS[2])
        owed = "UPDATE tiering_tiersummary SET overdue = 1, warned = 1, incomplete = 1 WHERE (as_of, tier) = (%s, 2)"
        cursor.execute(owed, [DAYS[2]])
        run(cursor, TODAY, {1: NEARLY, 2: RICH, 3: RICH})
        night = make_night(DAYS[2], moves_standing=False)
        fill_day(cursor, night, {1: RICH, 3: RICH, 5: NEARLY})
        summarise(cursor, night)
        found = summary_of(cursor, DAYS[2])
        kept = "SELECT overdue, warned, incomplete FROM tiering_tiersummary WHERE (as_of, tier) = (%s, 2)"
        assert rows_of(cursor, kept, [DAYS[2]]) == [(1, 1, 1)]
    assert before == {
        (11, Tier.WEALTH_MANAGEMENT): {"customers": 1, "aum": RICH.aum, "unowned": 1, "month_up": 1, "quarter_up": 1},
        (11, Tier.BRANCH_STAFF): {"customers": 2, "aum": 2 * STAFF.aum, "unowned": 2, "month_up": 1, "quarter_up": 1},
    }
    assert found == {
        (11, Tier.WEALTH_MANAGEMENT): {
            "customers": 2,
            "aum": 2 * RICH.aum,
            "unowned": 1,
            "month_up": 1,
            "quarter_up": 1,
        },
        (11, Tier.BRANCH_STAFF): {"customers": 1, "aum": STAFF.aum, "unowned": 1, "month_up": 1, "quarter_up": 1},
        (11, Tier.OUT_OF_SCOPE): {"near_up": 1},
    }


def test_a_fall_that_had_waited_on_a_day_corrected_later_goes_on_waiting():
    """Whoever had fallen by then is counted where the line says."""
    rises = replace(STAFF, aum=110_000_00)
    days = (date(2026, 7, 1), date(2026, 8, 20), DAYS[2], DAYS[3])
    lines = ({1: RICH, 2: RICH, 3: STAFF}, {1: RICH, 2: STAFF, 3: STAFF}, {1: rises, 2: STAFF, 3: STAFF}, {1: rises})
    with undone() as cursor:
        for day, of_day in zip(days, lines, strict=True):
            run(cursor, day, of_day, SLOW)
        before = summary_of(cursor, DAYS[2])
        night = make_night(DAYS[2], SLOW, moves_standing=False)
        fill_day(cursor, night, lines[2] | {3: rises})
        summarise(cursor, night)
        found = summary_of(cursor, DAYS[2])
    customers = [{tier: row["customers"] for (_, tier), row in each.items()} for each in (before, found)]
    assert customers == [
        {Tier.WEALTH_MANAGEMENT: 1, Tier.BRANCH_STAFF: 2},
        {Tier.WEALTH_MANAGEMENT: 1, Tier.BRANCH_LEAD: 1, Tier.BRANCH_STAFF: 1},
    ]
    assert "near_up" not in found[11, Tier.WEALTH_MANAGEMENT]


def test_a_short_file_leaves_those_about_to_enter_where_they_were():
    with undone() as cursor:
        make_customers(BORN)
        run(cursor, DAYS[3], {1: NEARLY, 2: NEARLY, 3: STAFF, 4: NEARLY})
        cursor.execute("UPDATE customers_customer SET status = 'closed' WHERE id = 4")
        run(cursor, TODAY, {2: replace(NEARLY, aum=1_000_00), 3: STAFF})
        assert [customer for _, customer, *_ in limits_of(cursor)] == [1]
        assert summary_of(cursor, TODAY)[11, Tier.OUT_OF_SCOPE] == {"near_up": 1}


def test_the_same_day_again_replaces_its_rows():
    with undone() as cursor:
        night = make_night(TODAY)
        for lines in ({1: RICH, 2: NEARLY}, {1: STAFF, 2: NEARLY}):
            fill_day(cursor, night, lines)
            assign_tiers(cursor, night)
            summarise(cursor, night)
        assert summary_of(cursor, TODAY) == {
            (11, Tier.BRANCH_STAFF): {"customers": 1, "aum": STAFF.aum, "unowned": 1},
            (11, Tier.OUT_OF_SCOPE): {"near_up": 1},
        }


def test_owned_customers_are_not_counted_as_unowned():
    with undone() as cursor:
        night = make_night(TODAY)
        fill_day(cursor, night, {1: RICH, 2: RICH})
        assign_tiers(cursor, night)
        cursor.execute("UPDATE tiering_tierassignment SET owner_id = 1 WHERE customer_id = 1")
        summarise(cursor, night)
        assert summary_of(cursor, TODAY)[11, Tier.WEALTH_MANAGEMENT]["unowned"] == 1


def test_a_day_that_moved_nothing_is_no_day_to_compare_with():
    with undone() as cursor:
        mark_day(cursor, make_night(DAYS[1]), moved_standing=False)
        run(cursor, DAYS[3], {1: STAFF})
        run(cursor, TODAY, {1: RICH})
        assert summary_of(cursor, TODAY) == {
            (11, Tier.WEALTH_MANAGEMENT): {"customers": 1, "aum": RICH.aum, "unowned": 1}
        }


def test_another_legal_entity_is_not_touched():
    """Both have somebody who moved, somebody near a limit, and somebody without a line today."""
    falling = replace(STAFF, aum=52_000_00)
    days = ((DAYS[1], {1: STAFF, 2: falling}), (TODAY, {1: RICH}))
    with undone() as cursor:
        make_customers({1: BORN[1], 2: BORN[2]}, entity=OTHER)
        make_customers({11: BORN[1], 12: BORN[2]})
        for day, lines in days:
            run(cursor, day, {each: replace(person, branch=21) for each, person in lines.items()}, entity=OTHER)
        before = (summary_of(cursor, TODAY, OTHER), limits_of(cursor, OTHER))
        for day, lines in days:
            summary = run(cursor, day, {each + 10: person for each, person in lines.items()})
        assert (summary_of(cursor, TODAY, OTHER), limits_of(cursor, OTHER)) == before
        assert summary_of(cursor, TODAY) == {(11, tier): row for (_, tier), row in before[0].items()}
        assert [customer for _, customer, *_ in limits_of(cursor)] == [12]
        assert summary.tiers["branch_staff"] == summary.tiers["wealth_management"] == 1
