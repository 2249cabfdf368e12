from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiering.rules.quarters import Quarter, day_standing_for, parse_quarter, quarter_of

END = date(2026, 9, 30)


def test_a_quarter_opens_on_the_last_day_of_the_one_before_and_closes_on_its_own():
    quarter = parse_quarter("2026Q3")
    assert (quarter.opening_on, quarter.first_day, quarter.closing_on) == (date(2026, 6, 30), date(2026, 7, 1), END)
    assert (parse_quarter("2026Q1").opening_on, parse_quarter("2026Q4").closing_on) == (
        date(2025, 12, 31),
        date(2026, 12, 31),
    )
    assert (str(quarter.previous), str(quarter.following)) == ("2026Q2", "2026Q4")
    assert str(Quarter(2026, 1).previous) == "2025Q4"


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_every_day_lies_in_its_quarter(day):
    quarter = quarter_of(day)
    assert quarter.opening_on < day <= quarter.closing_on
    assert parse_quarter(str(quarter)) == quarter
    assert quarter.following.opening_on == quarter.closing_on


@pytest.mark.parametrize(
    "text", ["", "2026", "2026Q5", "2026Q0", "2026q3", "26Q3", "2026Q3 ", "２０２６Q3", "9999Q4", "0000Q1", "\x00"]
)
def test_what_is_no_quarter_is_none(text):
    assert parse_quarter(text) is None


def test_a_missing_day_is_stood_in_for_by_the_nearest_of_the_three_before():
    for back, found in ((0, True), (1, True), (3, True), (4, False)):
        day = END - timedelta(days=back)
        assert day_standing_for(END, [day, END + timedelta(days=1)]) == (day if found else None)
    assert day_standing_for(END, [date(2026, 9, 28), date(2026, 9, 29)]) == date(2026, 9, 29)
    assert day_standing_for(END, []) is None
