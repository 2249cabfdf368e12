import csv
import io
from datetime import date, datetime, time, timedelta

import pytest

from tellerdesk.files.errors import FileRefused
from tellerdesk.files.tables import Table
from tellerdesk.files.workbook_csv import cell_text
from tests.files.sources import COLUMNS, of, workbook

pytestmark = pytest.mark.django_db

HEADER = ["客户号", "个人金融资产", "备注"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        (None, ""),
        (True, "1"),
        (False, "0"),
        (2020.0, "2020"),
        (-0.5, "-0.5"),
        (123456789012345.0, "123456789012345"),
        (1234567890123456.0, "1.234568e+15"),
        (1e22, "1.000000e+22"),
        (1e-7, "0.0000001"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime.fromisoformat("2020-01-02"), "2020-01-02"),
        (datetime.fromisoformat("2020-01-02T03:04:05"), "2020-01-02 03:04:05"),
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("a\nb\r\nc", "a b c"),
    ],
)
def test_cells_as_text(value, text):
    assert cell_text(value) == text


def test_the_first_sheet_is_read_with_the_numbers_of_its_rows():
    found = Table.open(
        of(workbook([HEADER, ["001", 12.5, "=x"], [], [622200000000000.0, 3, date(2020, 1, 2)]])), COLUMNS
    )
    assert [(row.line, row.values) for row in found.rows()] == [
        (2, ["001", "12.5", "0"]),
        (4, ["622200000000000", "3", "2020-01-02"]),
    ]


def test_nothing_of_a_workbook_stays_on_the_disk(uploads):
    found = Table.open(of(workbook([HEADER, ["001", 1, ""]])), COLUMNS)
    assert (len(list(found.rows())), list(uploads.iterdir())) == (1, [])


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(keep):
    whole = workbook([HEADER, *([f"{n:06}", n, "客户"] for n in range(500))])
    with pytest.raises(FileRefused) as refused:
        Table.open(of(whole[: int(len(whole) * keep)]), COLUMNS)
    assert refused.value.code == "broken_workbook"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 2_000_000, b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_only_looks_like_a_workbook_is_refused(content):
    with pytest.raises(FileRefused) as refused:
        Table.open(of(content), COLUMNS)
    assert refused.value.code == "broken_workbook"


def test_an_empty_sheet_is_an_empty_file():
    with pytest.raises(FileRefused) as refused:
        Table.open(of(workbook([])), COLUMNS)
    assert refused.value.code == "empty_file"


def test_signs_that_a_workbook_may_hold_survive_the_way():
    odd = 'a,"b"|\t\'=c𠮷'
    found = Table.open(of(workbook([HEADER, ["1", 2, odd]])), COLUMNS)
    (row,) = found.rows()
    assert list(csv.reader(io.StringIO(row.raw)))[0][2] == odd
    assert row.cells["note"] == odd
