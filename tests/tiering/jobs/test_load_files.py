"""Snapshot files in every shape that a bank sends, and what stays out of them."""

from datetime import date

import pytest
from django.utils.translation import override

from tests.factories import make_entity
from tests.files.sources import workbook
from tests.tiering.nights import aums_of, lines_of, make_customers, reject_rows, rejects_of, run_lines
from tiering.enums import CardLevel
from tiering.models import SnapshotDay
from tiering.reject_messages import reject_message
from tiering.selectors.rejects import rejected_groups

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

DAY = date(2026, 11, 20)
A, B, C, D = "100001", "100002", "100003", "12345678901234567890"
ENGLISH = (
    "customer_number,aum,card_spend_year,personal_loan_balance,custody_margin,card_level,"
    "admission_private_wealth,admission_wealth_management,product_categories"
)
CHINESE = "客户号,个人金融资产,信用卡年消费,个贷余额,三方存管保证金余额,卡级别,私行财富准入,理财准入,持有产品"


@pytest.fixture
def entity():
    return make_entity()


@pytest.fixture
def small_blocks(monkeypatch):
    """A file of some lines comes in many blocks, over both connections."""
    monkeypatch.setattr("tiering.jobs.reading.BLOCK", 64)
    monkeypatch.setattr("tiering.jobs.plain_blocks.PIECE", 1)


def facts(entity):
    return {
        number: (
            line.aum,
            line.card_spend_year,
            line.personal_loan_balance,
            line.custody_margin,
            line.card_level,
            line.admission,
            line.categories,
            line.tier,
            line.reasons,
        )
        for number, line in lines_of(entity, DAY).items()
    }


FULL = {
    A: (25_000_000, 6_200_000, None, 1, CardLevel.GOLD, 0, 0b101, 4, 1 + 2 + 16),
    B: (-100, None, 30_000_000, None, CardLevel.NONE, 32, 0, 5, 4 + 32),
}


@pytest.mark.parametrize(
    "data",
    [
        f"{ENGLISH}\n{A},250000.00,62000,0,0.01,gold,0,0,deposit;fund\n{B},-1,,300000,,,1,0,\n".encode(),
        f"{CHINESE}\n{A},250000.00,62000,0,0.01,金,否,,存款;基金\n{B},-1,,300000,,无,是,0,\n".encode("gb18030"),
        f"\ufeff{CHINESE}\r\n{A},2.5e5,62000.000,0,.01,金,0,0,基金；存款\r\n{B},-1,,300000,,无,1,0,\r\n".encode(),
        f"{ENGLISH}\n{A},250000,62000,0,0.01,GOLD,0,0,deposit;fund\n{B},-1,,3e5,,,1,0,".replace(",", "\t").encode(),
        f"{ENGLISH}\n\n{A},250000,62000,,.01,Gold,0,0,deposit;fund\n {B},-1,,3e5,,,1,0,\n\n".replace(",", "|").encode(),
        f'{ENGLISH}\n"{A}","250000","62000","","0.01","gold","0","0","deposit;fund"\n{B},-1,"",300000,,,1,"0",\n'.encode(),
        (
            "card_level,note,aum,Customer_Number,product_categories,admission_private_wealth,x,personal_loan_balance,"
            "custody_margin,card_spend_year\n"
            f'gold,"a, ""b""\nc",250000,{A},fund;deposit,0,0x1F,,0.01,62000\n,,-1,{B},,1,,300000,,\n'
        ).encode(),
        workbook(
            [
                CHINESE.split(","),
                [int(A), 250000, 62000, 0, 0.01, "金", 0, 0, "存款;基金"],
                [B, -1, None, 300000, None, None, 1, 0, None],
            ]
        ),
    ],
    ids=["english", "gb18030", "bom", "tab", "bar", "quoted", "other order", "workbook"],
)  # fmt: skip
def test_a_file_of_any_shape(entity, data):
    make_customers(A, B)
    run = run_lines(entity, DAY, data)
    assert (run.status, run.rows, run.accepted, run.rejected, run.changed) == ("succeeded", 2, 2, 0, 2)
    assert facts(entity) == FULL


BAD = (
    ("999999,1", "unknown_customer"),
    (f"{D},1", "unknown_customer"),
    ("12345,1", "unknown_customer"),
    (f"{A},", "not_a_number"),
    (f"{A},NaN", "not_a_number"),
    (f"{A},Infinity", "not_a_number"),
    (f"{A},x", "not_a_number"),
    (f"{A},1_0", "not_a_number"),
    (f"{A},0x10", "not_a_number"),
    (f"{A},\\65,,,,,,,", "not_a_number"),
    (f"{A},1,\\N,,,,,,", "not_a_number"),
    (f"{A},1e999", "out_of_range"),
    (f"{A},1e99999", "out_of_range"),
    (f"{A},10000000000000.01", "out_of_range"),
    (f"{A},0.005", "out_of_range"),
    (f"{A},{'9' * 40}", "out_of_range"),
    (f"{A},1,-1", "out_of_range"),
    (f"{A},1,,-0.001", "out_of_range"),
    (f"{A},1,,,NaN", "not_a_number"),
    (f"{A},1,,,,black", "unknown_card_level"),
    (f"{A},1,,,,,2", "out_of_range"),
    (f"{A},1,,,,,,no", "not_a_number"),
    (f"{A},1,,,,,0_1", "not_a_number"),
    (f"{A},1,,,,,,,gold", "unknown_category"),
    (A, "missing_column"),
    (f"{A},1,,,,,,,,more", "extra_column"),
    (f'{A},"1"2,,,,,,,', "broken_quotes"),
    (f'{A},1,,,,"gold', "broken_quotes"),
)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("alone", [True, False], ids=["one by one", "all at once"])
def test_a_bad_line_is_told_by_number_and_code_and_takes_nobody_along(entity, alone, monkeypatch):
    make_customers(A, B, C)
    if not alone:
        monkeypatch.setattr("tiering.jobs.reading.BLOCK", 4096)
        monkeypatch.setattr("tiering.jobs.plain_blocks.PIECE", 4096)
    lines = [f"{B},1.00,,,,,,,", *(line for line, _code in BAD), f"{C},2.00,,,,,,,"]
    run = run_lines(entity, DAY, lines, header=ENGLISH)
    assert rejects_of(run) == [(place, code) for place, (_line, code) in enumerate(BAD, 3)]
    assert (run.status, run.rows, run.accepted, run.rejected) == ("succeeded", len(BAD) + 2, 2, len(BAD))
    assert sum(run.rejects_by_code.values()) == len(BAD)
    assert aums_of(entity, DAY) == {B: 100, C: 200}


def test_lines_that_do_not_decode_are_told_by_number(entity):
    make_customers(A, B)
    lines = [b"customer_number,aum,card_level", f"{A},1,金".encode(), b"100002,2,\xff\xfe", f"{B},3,金".encode()]
    run = run_lines(entity, DAY, b"\n".join(lines))
    assert rejects_of(run) == [(3, "wrong_encoding")]
    assert aums_of(entity, DAY) == {A: 100, B: 300}


@pytest.mark.usefixtures("small_blocks")
def test_of_several_lines_the_first_valid_one_counts(entity):
    make_customers(A, B, C)
    lines = [f"{A},x", f" {A} ,1", f"{B},1", f"{A},2", f"{A},2", f"{B},1", f"{C},3", f"{B},NaN"]
    run = run_lines(entity, DAY, lines)
    assert rejects_of(run) == [
        (2, "not_a_number"), (5, "duplicate_line"), (6, "duplicate_line"), (7, "duplicate_line"), (9, "not_a_number"),
    ]  # fmt: skip
    assert aums_of(entity, DAY) == {A: 100, B: 100, C: 300}
    assert (run.rows, run.accepted, run.changed) == (8, 3, 3)


def test_the_first_valid_one_may_have_been_judged_after_the_file_was_copied(entity):
    make_customers(A, B)
    run = run_lines(entity, DAY, [f" {A},1", f"{A},2", f"{B},3", f"{B} ,4"])
    assert rejects_of(run) == [(3, "duplicate_line"), (5, "duplicate_line")]
    assert aums_of(entity, DAY) == {A: 100, B: 300}


@pytest.mark.parametrize("block", range(70, 110, 6))
def test_a_note_of_several_lines_may_go_over_the_edge_of_a_block(entity, block, monkeypatch):
    make_customers(A, B, C)
    monkeypatch.setattr("tiering.jobs.reading.BLOCK", block)
    note = '"one\n' + "two, three\n" * 5 + 'four"'
    run = run_lines(
        entity, DAY, [f"{A},1,x", f"{B},2,{note}", f"{A},2,{note}", f"{C},x,{note}"], header="客户号,aum,备注"
    )
    assert rejects_of(run) == [(10, "duplicate_line"), (17, "not_a_number")]
    assert reject_rows(run)[1][2] == note.strip('"')
    assert aums_of(entity, DAY) == {A: 100, B: 200}


def test_line_ends_of_every_sort_and_what_copy_would_take_for_the_end(entity):
    make_customers(A, B, C)
    data = f"客户号,aum,备注\r\n{A},1,a\rb\n\\.\n{B},2,\\N\r\n\r\n{C},3\0,x\n{A},4,\\\n{C},5,\\.\n"
    run = run_lines(entity, DAY, data.encode())
    assert rejects_of(run) == [(3, "missing_column"), (6, "wrong_encoding"), (7, "duplicate_line")]
    assert aums_of(entity, DAY) == {A: 100, B: 200, C: 500}


def test_a_reject_names_the_column_of_a_wrong_number_as_the_file_calls_it(entity):
    make_customers(A)
    lines = [f"{A},x,,,", f"{A},1,0.001,,", f"{A},1,,1,x", f"{A},1,,,2", f"{A},1,,-1,"]
    run = run_lines(entity, DAY, lines, header="客户号,AUM,信用卡年消费,custody_margin,私行财富准入")
    with override("zh-hans"):
        due = [
            reject_message("not_a_number", "AUM"),
            reject_message("out_of_range", "信用卡年消费"),
            reject_message("not_a_number", "私行财富准入"),
            reject_message("out_of_range", "私行财富准入"),
            reject_message("out_of_range", "custody_margin"),
        ]
    assert [row[-1] for row in reject_rows(run)[1:]] == due
    assert all(name in message for name, message in zip(("AUM", "信用卡年消费"), due, strict=False))
    shown = {group.code: [(each.line, each.message) for each in group.lines] for group in rejected_groups(run)}
    assert shown["not_a_number"] == [(2, due[0]), (4, due[2])]


def test_rejects_have_the_cells_as_they_were_sent(entity):
    make_customers(A)
    header = "持有产品,customer_number,备注,aum"
    run = run_lines(entity, DAY, [f'gold,{A},"a,b",1', f",{A},=1+1,1"], header=header)
    with override("zh-hans"):
        message = reject_message("unknown_category")
    assert reject_rows(run) == [
        ["持有产品", "customer_number", "备注", "aum", "line 行号", "code 错误码", "message 说明"],
        ["gold", A, "a,b", "1", "2", "unknown_category", message],
    ]
    assert aums_of(entity, DAY) == {A: 100}


def test_three_hundred_columns_of_long_texts_may_stand_beside(entity):
    make_customers(A)
    note = f",{'长' * 100}"
    header = "customer_number,aum" + 298 * ",x"
    run = run_lines(entity, DAY, [f"{A},1{298 * note}", f"{B},1{298 * note}"], header=header)
    assert (run.status, rejects_of(run), aums_of(entity, DAY)) == ("succeeded", [(3, "unknown_customer")], {A: 100})


def test_another_legal_entitys_customers_are_unknown(entity):
    other = make_entity("LX", "临溪农村信用社")
    make_customers(A, entity=other)
    make_customers(A, B)
    run = run_lines(other, DAY, [f"{A},1", f"{B},2"])
    assert rejects_of(run) == [(3, "unknown_customer")]
    assert (aums_of(other, DAY), aums_of(entity, DAY)) == ({A: 100}, {})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"customer_number,balance\n100001,1\n", "missing_column"),
        (b"a,b\n1,2\n", "not_a_table"),
        (b"customer_number,aum" + 299 * b",x" + b"\n100001,1\n", "too_many_columns"),
        ("customer_number,aum\n100001,1\n".encode("utf-16"), "wrong_encoding"),
        (workbook([["customer_number", "aum"], [A, 1]])[:-300], "broken_workbook"),
    ],
)
def test_a_file_refused_as_a_whole_is_one_reject_of_its_first_line(entity, data, code):
    make_customers(A)
    run = run_lines(entity, DAY, data)
    assert (run.status, run.error_code, run.rejected, run.rejects_by_code) == ("failed", code, 1, {code: 1})
    assert rejects_of(run) == [(1, code)]
    assert SnapshotDay.objects.count() == 0


def test_a_file_without_a_valid_line_makes_no_day(entity):
    run = run_lines(entity, DAY, ["999999,1"])
    assert (run.status, run.accepted, run.rejected, run.moved_standing) == ("succeeded", 0, 1, False)
    assert (SnapshotDay.objects.count(), lines_of(entity, DAY)) == (0, {})


@pytest.mark.usefixtures("small_blocks")
def test_very_many_bad_lines(entity):
    make_customers(A)
    lines = [f"{200000 + n},{'x' if n % 3 else '1'}" for n in range(3000)] + [f"{A},1"]
    run = run_lines(entity, DAY, lines)
    assert (run.accepted, run.rejects_by_code) == (1, {"not_a_number": 2000, "unknown_customer": 1000})
    assert [line for line, _code in rejects_of(run)] == list(range(2, 3002))
