"""What people send: every encoding, delimiter and kind of line end, and every way to spoil a line."""

import resource
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tellerdesk.files.errors import FileRefused
from tellerdesk.files.tables import Table
from tests.files.sources import COLUMNS, HEADER, of


def table(content, encoding="utf-8"):
    return Table.open(of(content, encoding), COLUMNS)


def refusal(content, encoding="utf-8"):
    with pytest.raises(FileRefused) as refused:
        table(content, encoding)
    return refused.value


def told(found):
    return [(row.line, row.problem or row.cells) for row in found.rows()]


def cells(number, aum, note=""):
    return {"customer_number": number, "aum": aum, "note": note}


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_delimiter_line_end_and_encoding_are_recognised(delimiter, end, encoding):
    text = (
        end.join(delimiter.join(line) for line in (["客户号", "个人金融资产", "备注"], ["001", "12.50", "王𠮷"])) + end
    )
    found = table(text, encoding)
    assert found.delimiter == delimiter
    assert found.encoding == encoding.removesuffix("-sig")
    assert told(found) == [(2, cells("001", "12.50", "王𠮷"))]


def test_the_header_may_be_in_any_order_mixed_and_with_unknown_columns():
    found = table(" AUM ,网点,客户号\n5,001,77\n")
    assert found.layout == ["aum", None, "customer_number"]
    assert found.header == [" AUM ", "网点", "客户号"]
    assert told(found) == [(2, {"aum": "5", "customer_number": "77"})]


def test_a_header_may_say_both_names():
    assert table("customer_number 客户号,个人金融资产 aum\n1,2\n").layout == ["customer_number", "aum"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        ("客户号,备注\n1,2\n", "missing_column"),
        ("客户号,customer_number,aum\n1,2,3\n", "duplicate_column"),
        ("1,2,3\n4,5,6\n", "not_a_table"),
        ("customer_number,aum\n1,2\n".encode("utf-16"), "wrong_encoding"),
        ("customer_number,aum\n1,2\n".encode("utf-16-le"), "wrong_encoding"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not_a_table"),
        (b"x" * 5_000_000, "not_a_table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(content, code):
    assert refusal(content).code == code


def test_a_refusal_names_the_column_in_both_languages():
    error = refusal("客户号\n1\n")
    assert error.context == {"column": "aum 个人金融资产", "line": 1}
    assert error.as_dict()["message"] == str(error.message) % error.context


def test_quotes_hold_delimiters_quotes_and_line_ends():
    found = table(HEADER + '1,2,"a, ""b""\nc"\n3,4,d\n')
    assert told(found) == [(2, cells("1", "2", 'a, "b"\nc')), (4, cells("3", "4", "d"))]


def test_a_quote_that_never_closes_spoils_its_own_line_only():
    found = table(HEADER + '1,2,"a\n3,4,b\n5,6,"c"d\n7,8,e"f\n')
    assert told(found) == [
        (2, "broken_quotes"),
        (3, cells("3", "4", "b")),
        (4, "broken_quotes"),
        (5, cells("7", "8", 'e"f')),
    ]


def test_too_few_and_too_many_cells():
    found = table(HEADER + "1\n1,2\n1,2,3,\n1,2,3,4\n\n , ,\n5,6,7")
    assert told(found) == [
        (2, "missing_column"),
        (3, cells("1", "2")),
        (4, cells("1", "2", "3")),
        (5, "extra_column"),
        (8, cells("5", "6", "7")),
    ]


def test_lines_that_do_not_decode_are_named_and_the_rest_goes_in():
    found = table(HEADER.encode() + "1,2,好\n".encode() + b"3,4,\xff\xfe\n" + b"5,\0,x\n" + "7,8,中\n".encode())
    assert told(found) == [
        (2, cells("1", "2", "好")),
        (3, "wrong_encoding"),
        (4, "wrong_encoding"),
        (5, cells("7", "8", "中")),
    ]
    assert [row.values for row in found.rows()][1] == ["3", "4", "��"]


def test_of_two_encodings_that_both_fail_the_better_one_is_taken():
    lines = ["1,2,王小明\n", "3,4,李大山\n"]
    in_gb = HEADER.encode() + "".join(lines).encode("gb18030") + b"5,6,\xff\n"
    found = table(in_gb)
    assert (found.encoding, [row.problem for row in found.rows()]) == ("gb18030", [None, None, "wrong_encoding"])


def test_a_line_longer_than_a_block_is_named_and_passed_over():
    found = table(HEADER + "1,2,a\n3,4," + "x" * 9_000_000 + "\n5,6,b\n")
    assert told(found) == [(2, cells("1", "2", "a")), (3, "line_too_long"), (4, cells("5", "6", "b"))]


def test_three_hundred_columns_of_which_three_count():
    names = ",".join(f"x{place}" for place in range(297))
    assert told(table(f"{names},{HEADER}{',' * 297}1,2,3\n")) == [(2, cells("1", "2", "3"))]


def test_blocks_hold_every_line_once_and_know_its_number():
    text = HEADER + "".join(f"{number},1,注册客户{number}\n" for number in range(1, 2001))
    found = table(text.replace("\n", "\r\n"), "gb18030")
    pieces = list(found.blocks(size=1000))
    assert b"".join(piece.data for piece in pieces).decode() == text.removeprefix(HEADER)
    assert [piece.first_line for piece in pieces[:1]] == [2]
    firsts = [int(piece.data.split(b",")[0]) + 1 for piece in pieces]
    assert [piece.first_line for piece in pieces] == firsts


LONG_RECORDS = (
    '1,2,"a\n""b"", c\n\n,d"\n3,4,"x\ny\n5,6,"e"\n"7","8","f"\n9,10,"g"h\n11,12,"\ni"\n'
    + "".join(f"{place},1,plain\n" for place in range(60))
    + '13,14,"j\nk\n15,16,"l\nm"\n'
)


def test_lines_between_two_that_are_too_long_stay():
    lines = [f"{n},1," for n in range(2, 8)]
    found = table(HEADER + "\n".join(["x" * 150, *lines[:3], "y" * 150, *lines[3:]]) + "\n")
    for size in range(20, 120):
        rows = [row for piece in found.blocks(size) for row in found.rows(piece)]
        assert [row.line for row in rows] == list(range(2, 10))
        assert [row.raw for row in rows if row.raw[0] not in "xy"] == lines


@pytest.mark.parametrize("delimiter", [",", "|"])
def test_a_record_may_go_over_the_edge_of_a_block_at_any_byte(delimiter):
    text = (HEADER + LONG_RECORDS).replace(",", delimiter)
    found = table(text)
    due, last = told(found), len(text)
    assert [cells for _line, cells in due if cells != "broken_quotes"][-1]["note"] == "l\nm"
    for size in range(20, last + 2):
        pieces = list(found.blocks(size))
        assert b"".join(piece.data for piece in pieces).decode() == text.removeprefix(HEADER.replace(",", delimiter))
        rows = [row for piece in pieces for row in found.rows(piece)]
        assert [(row.line, row.problem or row.cells) for row in rows] == due


def test_what_does_not_decode_ends_a_record_before_it_and_no_other():
    found = table(HEADER.encode() + b'1,2,"a\nb\n3,4,\xff\n5,6,"c\nd"\n7,8,e\n')
    due = told(found)
    assert due[0] == (2, "broken_quotes")
    assert [number for number, _told in due] == [2, 3, 4, 5, 7]
    assert due[-2:] == [(5, cells("5", "6", "c\nd")), (7, cells("7", "8", "e"))]


def test_a_block_that_does_not_decode_is_given_raw():
    found = table(HEADER.encode() + b"1,2,\xff\n")
    assert [(block.decoded, block.data) for block in found.blocks()] == [(False, b"1,2,\xff\n")]


def test_lines_are_picked_by_their_number():
    found = table(HEADER + "".join(f"{number},1,\n" for number in range(2, 3000)))
    assert [(row.line, row.cells["customer_number"]) for row in found.pick([2, 7, 2500, 9000])] == [
        (2, "2"),
        (7, "7"),
        (2500, "2500"),
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=8)] * 3).filter(
            lambda row: "".join(row).strip(' \t,"') and not any(cell.startswith("'") for cell in row)
        ),
        max_size=8,
    ),
    st.integers(200, 400),
)
def test_what_a_csv_writer_wrote_is_read_back_whatever_the_blocks(rows, size):
    quoted = ["".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row)) for row in rows]
    found = table(HEADER + "".join(line + "\n" for line in quoted))
    read = list(_rows_by_blocks_of(found, size))
    assert [tuple(row.values) for row in read] == rows


def _rows_by_blocks_of(found, size):
    small = found.blocks
    object.__setattr__(found, "blocks", lambda _size: small(size))
    return found.rows()


def test_blocks_need_no_memory(tmp_path):
    path = tmp_path / "large.csv"
    line = "62220000000000000001,123456.78,普通客户\n".encode()
    with open(path, "wb") as file:
        file.write(HEADER.encode())
        for _piece in range(120):
            file.write(line * 20_000)
    found = Table.open(partial(open, path, "rb"), COLUMNS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(block.data.count(b"\n") for block in found.blocks()) == 2_400_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000
