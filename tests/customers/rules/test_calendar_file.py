from datetime import date

import pytest

from customers.rules.calendar_file import Fault, Line, read_lines

DAY = date(2026, 10, 1)


def read(*rows):
    return read_lines(enumerate(rows, 2))


def cells(day="2026-10-01", kind="休", **further):
    return {"day": day, "kind": kind, **further}


@pytest.mark.parametrize("kind", ["休", "holiday", "HOLIDAY", " 放假 "])
@pytest.mark.parametrize("day", ["2026-10-01", "20261001", "2026/10/1", "2026年10月1日", "2026-10-01 00:00:00"])
def test_a_holiday_however_it_is_written(day, kind):
    assert read(cells(day, kind, name="国庆节")) == ([Line(DAY, False, "国庆节")], [])


@pytest.mark.parametrize("kind", ["班", "working", "调休上班"])
def test_a_weekend_day_that_is_worked(kind):
    assert read(cells("2026-10-10", kind)) == ([Line(date(2026, 10, 10), True)], [])


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (cells(day="2026-02-30"), ["not_a_day"]),
        (cells(day=""), ["not_a_day"]),
        (cells(kind="half"), ["unknown_kind"]),
        (cells(day="x", kind="y"), ["not_a_day", "unknown_kind"]),
        (cells(day="1999-12-31"), ["out_of_range"]),
        (cells(day="2100-01-01"), ["out_of_range"]),
        (cells(name="节" * 41), ["bad_name"]),
        (cells(name="a\tb"), ["bad_name"]),
    ],
)
def test_faults_name_their_line(row, codes):
    lines, faults = read(cells("2026-05-01"), row)
    assert faults == [Fault(3, code) for code in codes]


def test_a_day_twice_must_say_the_same():
    assert read(cells(), cells()) == ([Line(DAY, False)], [])
    assert read(cells(), cells(kind="班"))[1] == [Fault(3, "day_twice")]
