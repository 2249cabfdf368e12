import pytest

from tellerdesk.files.formulas import defused, restored
from tellerdesk.files.rejects import RejectWriter, read_rejects
from tellerdesk.files.tables import Table
from tests.files.sources import COLUMNS, of

pytestmark = pytest.mark.django_db

ODD = ["=1+1", "+86 138", "-x", "@sum", "\tx", "'quoted", "'=twice", "-5", "+5.25", "", "plain", 'a"b,c', "两\n行"]


@pytest.mark.parametrize("text", ODD)
def test_a_defused_cell_is_no_formula_and_comes_back_as_it_was(text):
    assert defused(text)[:1] not in {"=", "@", "\t"}
    assert restored(defused(text)) == text


@pytest.mark.parametrize("number", ["-5", "+5.25", "-0.01", "12"])
def test_plain_numbers_stay_numbers(number):
    assert defused(number) == number


def rejects_of(header, *rows):
    writer = RejectWriter(header)
    for row in rows:
        writer.add(*row)
    return b"".join(read_rejects(writer.close().name))


def test_rejects_carry_the_files_own_columns_and_ours():
    content = rejects_of(["aum", "网点", "客户号"], (3, "not_a_number", "不是数字", ["x", "001", "=77"]))
    assert content.decode("utf-8-sig").split("\r\n") == [
        "aum,网点,客户号,line 行号,code 错误码,message 说明",
        "x,001,'=77,3,not_a_number,不是数字",
        "",
    ]


def test_a_corrected_file_is_sent_again_as_it_is_and_ours_do_not_pile_up():
    again = rejects_of(
        ["客户号", "aum", "备注"], *((n, "code", "message", ["1", "2", text]) for n, text in enumerate(ODD))
    )
    found = Table.open(of(again), COLUMNS)
    rows = list(found.rows())
    assert [row.cells["note"] for row in rows] == ODD
    third = rejects_of(found.header, *((row.line, "other", "message", row.values) for row in rows))
    assert Table.open(of(third), COLUMNS).header == found.header
    assert [row.cells["note"] for row in Table.open(of(third), COLUMNS).rows()] == ODD


def test_a_million_rejects_are_spooled_and_not_held():
    writer = RejectWriter(["客户号"])
    for line in range(20_000):
        writer.add(line, "unknown_customer", "没有这个客户", [f"{line:012}"])
    assert writer.text.tell() < 300_000
    assert b"".join(read_rejects(writer.close().name)).count(b"\r\n") == 20_001
