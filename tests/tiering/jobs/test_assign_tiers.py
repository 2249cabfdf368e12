from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiering.jobs.days import ENTITY, OTHER, fill_day, make_night, rows_of, undone
from tests.tiering.rules.generated import OPEN, STRICT, Person, people
from tests.tiering.rules.policies import STANDARD
from tiering.enums import CardLevel, Reason, Tier
from tiering.jobs.assign_tiers import TierReport, assign_tiers
from tiering.rules.evaluation import evaluate
from tiering.rules.moves import Line, Move, Standing, move_on

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = date(2026, 11, 24)
FACTS = "branch_id, aum, tier, reasons, card_spend_year, personal_loan_balance, custody_margin, card_level"


def line_of(person: Person, day: date, policy) -> Line:
    facts = person.facts(day)
    found = evaluate(facts, policy)
    figures = (facts.card_spend_year, facts.personal_loan_balance, facts.custody_margin, facts.card_level)
    return Line(person.branch, person.aum, found.tier, found.reason_mask, *figures)


def standing_rows(cursor, entity: int) -> dict[int, Standing]:
    query = f"""SELECT customer_id, since, policy_version, falling_since, {FACTS} FROM tiering_tierassignment
    WHERE legal_entity_id = %s"""
    return {
        customer: Standing(Line(*facts), since, version, falling)
        for customer, since, version, falling, *facts in rows_of(cursor, query, [entity])
    }


def moves_of(cursor, night) -> list[Move]:
    query = f"""SELECT customer_id, from_tier, from_aum, {FACTS.replace("aum", "to_aum").replace(" tier", " to_tier")}
    FROM tiering_tiermove WHERE (legal_entity_id, as_of, run_id, policy_version) = (%s, %s, %s, %s)"""
    values = [night.legal_entity_id, night.as_of, night.run_id, night.policy.version]
    return [Move(*row[:3], Line(*row[3:])) for row in rows_of(cursor, query, values)]


def run(cursor, day: date, lines: dict[int, Person], policy=STANDARD, **changes) -> TierReport:
    night = make_night(day, policy, **changes)
    fill_day(cursor, night, lines)
    return assign_tiers(cursor, night)


SLOW = replace(STANDARD, version=4, grace_days=3)
policies = st.sampled_from([STANDARD, STANDARD, STRICT, OPEN, SLOW, SLOW])
days = st.lists(
    st.tuples(st.dictionaries(st.integers(1, 9), people(DAY), max_size=9), policies, st.integers(0, 3)),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(days=days)
def test_sql_and_twin_agree_day_after_day(days):
    standing, begun, day = {}, {}, DAY
    with undone() as cursor:
        for run_id, (lines, policy, after) in enumerate(days):
            day += timedelta(days=after)
            begun = {} if after else begun
            night = replace(make_night(day, policy), run_id=run_id)
            fill_day(cursor, night, lines)
            report = assign_tiers(cursor, night)
            as_lines = {customer: line_of(each, night.as_of, policy) for customer, each in lines.items()}
            given = {"as_of": day, "policy_version": policy.version, "grace_days": policy.grace_days}
            due = move_on(standing, as_lines, begun=begun, **given)
            begun = {move.customer: standing.get(move.customer) for move in due.moves} | begun
            found = standing_rows(cursor, ENTITY)
            assert found == due.standing
            assert sorted(moves_of(cursor, night), key=lambda move: move.customer) == sorted(
                due.moves, key=lambda move: move.customer
            )
            assert report == reported(due, standing)
            standing = due.standing


def reported(due, before) -> TierReport:
    moved = {move.customer for move in due.moves}
    refreshed = [each for each, row in due.standing.items() if each in before and row != before[each]]
    return TierReport(
        moved_up=sum(move.to.tier > move.from_tier for move in due.moves),
        moved_down=sum(move.to.tier < move.from_tier for move in due.moves),
        entered=sum(move.from_tier == Tier.OUT_OF_SCOPE for move in due.moves),
        left=sum(move.to.tier == Tier.OUT_OF_SCOPE for move in due.moves),
        missing=len(due.missing),
        refreshed=len(set(refreshed) - moved),
        new=len(set(due.standing) - set(before)),
    )


RICH = Person(11, 300_000_00, date(1980, 1, 1), None, None, None, CardLevel.NONE, 0)
POOR = replace(RICH, aum=100)


def test_a_fall_waits_for_the_days_of_grace():
    with undone() as cursor:
        found = []
        for after, person in ((0, RICH), (1, POOR), (2, POOR), (3, RICH), (4, POOR), (6, POOR), (7, POOR)):
            report = run(cursor, DAY + timedelta(days=after), {1: person}, SLOW)
            [row] = standing_rows(cursor, ENTITY).values()
            found.append((row.tier, row.line.aum == person.aum, row.falling_since, report.moved_down))
        assert found[1:] == [
            (Tier.WEALTH_MANAGEMENT, True, DAY + timedelta(days=1), 0),
            (Tier.WEALTH_MANAGEMENT, True, DAY + timedelta(days=1), 0),
            (Tier.WEALTH_MANAGEMENT, True, None, 0),
            (Tier.WEALTH_MANAGEMENT, True, DAY + timedelta(days=4), 0),
            (Tier.WEALTH_MANAGEMENT, True, DAY + timedelta(days=4), 0),
            (Tier.OUT_OF_SCOPE, True, None, 1),
        ]
        assert rows_of(cursor, "SELECT since FROM tiering_tierassignment") == [(DAY + timedelta(days=7),)]


def test_who_comes_back_with_the_very_same_line_waits_no_more():
    admitted = replace(RICH, admission=int(Reason.ADMISSION_PRIVATE_WEALTH))
    with undone() as cursor:
        for after, person in enumerate((admitted, RICH, admitted)):
            assert run(cursor, DAY + timedelta(days=after), {1: person}, SLOW).moved_down == 0
        [row] = standing_rows(cursor, ENTITY).values()
        assert (row.tier, row.since, row.falling_since) == (Tier.PRIVATE_WEALTH, DAY, None)


def test_a_fall_that_waits_on_is_written_once():
    with undone() as cursor:
        for after, person in ((0, RICH), (1, POOR)):
            run(cursor, DAY + timedelta(days=after), {1: person}, SLOW)
        before = rows_of(cursor, "SELECT ctid FROM tiering_tierassignment")
        for _time in range(2):
            report = run(cursor, DAY + timedelta(days=2), {1: POOR}, SLOW)
            assert (report.refreshed, rows_of(cursor, "SELECT ctid FROM tiering_tierassignment")) == (0, before)
        assert run(cursor, DAY + timedelta(days=2), {1: replace(POOR, aum=200)}, SLOW).refreshed == 1


def test_the_same_day_again_changes_nothing():
    with undone() as cursor:
        run(cursor, DAY, {1: RICH, 2: POOR})
        assert run(cursor, DAY, {1: RICH, 2: POOR}) == TierReport()
        assert rows_of(cursor, "SELECT count(*) FROM tiering_tiermove") == [(1,)]


def test_rows_without_a_difference_are_not_written():
    with undone() as cursor:
        run(cursor, DAY, {1: RICH, 2: RICH})
        places = dict(rows_of(cursor, "SELECT customer_id, ctid FROM tiering_tierassignment"))
        run(cursor, DAY + timedelta(days=1), {1: RICH, 2: replace(RICH, aum=RICH.aum + 1)})
        now = dict(rows_of(cursor, "SELECT customer_id, ctid FROM tiering_tierassignment"))
        assert [customer for customer in places if places[customer] == now[customer]] == [1]


def test_owner_and_initial_maintainer_stay():
    with undone() as cursor:
        run(cursor, DAY, {1: RICH, 2: RICH})
        cursor.execute("UPDATE tiering_tierassignment SET owner_id = 5, initial_maintainer_id = 6")
        run(cursor, DAY + timedelta(days=1), {1: replace(RICH, aum=RICH.aum + 1), 2: POOR})
        kept = "SELECT owner_id, initial_maintainer_id FROM tiering_tierassignment"
        assert rows_of(cursor, kept) == [(5, 6), (5, 6)]


def test_an_older_day_moves_nothing():
    with undone() as cursor:
        run(cursor, DAY, {1: RICH})
        before = standing_rows(cursor, ENTITY)
        assert run(cursor, DAY - timedelta(days=1), {1: POOR, 2: RICH}, moves_standing=False) == TierReport()
        assert standing_rows(cursor, ENTITY) == before


def test_a_row_that_a_manager_has_moved_meanwhile_is_found_by_its_key():
    """`place` is stale then: the row has been written again elsewhere."""
    with undone() as cursor:
        run(cursor, DAY, {1: RICH, 2: RICH})
        night = make_night(DAY + timedelta(days=1))
        fill_day(cursor, night, {1: replace(RICH, aum=RICH.aum + 1), 2: POOR})
        meddling = Meddling(cursor)
        assert assign_tiers(meddling, night) == TierReport(moved_down=1, left=1, refreshed=1)
        assert {key: (row.line.aum, row.tier) for key, row in standing_rows(cursor, ENTITY).items()} == {
            1: (RICH.aum + 1, Tier.WEALTH_MANAGEMENT),
            2: (POOR.aum, Tier.OUT_OF_SCOPE),
        }


class Meddling:
    """A cursor beside which every standing row is rewritten once, after the differences have been counted."""

    def __init__(self, cursor):
        self.cursor = cursor

    def __getattr__(self, name):
        return getattr(self.cursor, name)

    def execute(self, query, values=None):
        self.cursor.execute(query, values)

    def fetchone(self):
        found = self.cursor.fetchone()
        self.cursor.execute("UPDATE tiering_tierassignment SET owner_id = 5")
        return found


def test_another_legal_entity_is_not_touched():
    with undone() as cursor:
        run(cursor, DAY, {1: RICH, 2: RICH}, entity=OTHER)
        before = standing_rows(cursor, OTHER)
        report = run(cursor, DAY + timedelta(days=1), {3: RICH, 4: POOR})
        assert report == TierReport(moved_up=1, entered=1, new=1)
        assert standing_rows(cursor, OTHER) == before
        assert rows_of(cursor, "SELECT count(*) FROM tiering_tiermove WHERE legal_entity_id = %s", [OTHER]) == [(2,)]
