from datetime import date

from tests.tiering.rules.policies import STANDARD
from tiering.rules.quarter_owners import (
    Stint,
    aum_standing,
    owner_at_arrival,
    owner_on,
    position_of,
    reached_on,
)

JULY, AUGUST, END = date(2026, 7, 1), date(2026, 8, 15), date(2026, 9, 30)


def stint(place: int, owner: int, since: date, until: date | None = None, **further) -> Stint:
    return Stint(place, owner, "teller", since, until, **further)


def test_of_several_owners_on_one_day_the_later_row_counts():
    rows = [stint(1, 10, JULY, AUGUST), stint(2, 20, AUGUST)]
    assert owner_on(rows, AUGUST).owner == 20
    assert owner_on(rows, JULY).owner == 10
    assert owner_on(rows, date(2026, 6, 30)) is None


def test_a_merged_customer_belongs_to_the_survivors_owner_where_there_was_one():
    rows = [stint(1, 10, JULY), stint(2, 20, JULY, is_own=False)]
    assert owner_on(rows, AUGUST).owner == 10
    assert owner_on(rows[1:], AUGUST).owner == 20


def test_who_arrives_belongs_to_the_owner_of_that_day_else_to_the_first_after_it():
    rows = [stint(1, 10, JULY, date(2026, 7, 20)), stint(2, 20, AUGUST)]
    assert owner_at_arrival(rows, date(2026, 7, 10), END).owner == 10
    assert owner_at_arrival(rows, date(2026, 8, 1), END).owner == 20
    assert owner_at_arrival(rows[:1], date(2026, 8, 1), END) is None
    assert owner_at_arrival([stint(1, 10, date(2026, 10, 2))], AUGUST, END) is None, "the quarter is over"


def test_the_floor_is_reached_on_the_first_loaded_day_of_the_quarter_that_has_it():
    days = {date(2026, 6, 30): 4_000_000, JULY: 4_999_999, AUGUST: 5_000_000, END: 9_000_000}
    assert reached_on(days, STANDARD.entry, after=date(2026, 6, 30), last=END) == AUGUST
    assert reached_on({END: 1}, STANDARD.entry, after=JULY, last=END) is None


def test_who_has_no_line_on_the_day_has_what_the_last_one_said():
    days = {JULY: 1, AUGUST: 2}
    assert aum_standing(days, END, not_before=JULY) == 2
    assert aum_standing(days, JULY, not_before=JULY) == 1
    assert aum_standing(days, END, not_before=date(2026, 9, 1)) is None


def test_somebody_is_assessed_as_most_of_the_customers_were_owned():
    assert position_of(["teller", "lobby_manager", "lobby_manager"], ["teller"] * 9) == "lobby_manager"
    assert position_of([], ["teller"]) == "teller"
    assert position_of(["teller", "branch_manager"], []) == "branch_manager"
