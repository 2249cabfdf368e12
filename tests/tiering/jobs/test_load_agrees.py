"""The pass over a file and the rule for one line come to the same, whatever stands in the lines."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.sql import SQL, Identifier

from customers.enums import CustomerStatus
from customers.models import Customer
from tellerdesk.core.ages import age_on
from tellerdesk.staff.models import LegalEntity
from tests.factories import make_entity
from tests.tiering.nights import lines_of, make_customers, rejects_of, run_lines
from tests.tiering.rules.policies import STANDARD
from tiering.enums import Reason
from tiering.jobs.partitions import day_table
from tiering.models import ProductCategory, SnapshotLine
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.merged_lines import credited
from tiering.rules.money import LARGEST
from tiering.rules.snapshot_line import Line, parse_line

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NUMBERS = [f"{number}" for number in range(500001, 500025)]
# Merged into others; into one who was closed.
MERGED = {"500101": "500001", "500102": "500001", "500103": "500002", "500104": "500003"}
CLOSED, LOST = "500200", "500201"
FAMILY = [*MERGED, "500001", "500002"]
COLUMNS = (
    "customer_number",
    "aum",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "card_level",
    "admission_private_wealth",
    "admission_wealth_management",
    "product_categories",
)
NOTE = "备注"
FIRST_DAY = date(2026, 2, 27)
# Sixty and sixty-one around the days, and on a leap day.
BORN = [FIRST_DAY.replace(year=year) + timedelta(days=days) for year in (1964, 1965, 1966) for days in range(8)]
days = itertools.count()

edges = st.sampled_from([5_000_000, 10_000_000, 20_000_000, 200_000_000, 30_000_000, 1_000_000, 0, 10**15])
fen = st.builds(int.__add__, edges, st.integers(-1, 1)) | st.integers(-1000, 10**9)
written = st.sampled_from(["{:.2f}", "{:.2f}", "{:.4f}", " {:.2f}", "{:.2f} ", "+{:.2f}", "{:.2f}e0", "0{:.2f}"])


# What is odd in sign, point, exponent, size, sort, and in the limits of a double.
ODD = (
    *("", "0", "-0", "+5", "- 1", "--1", " 5", "5 ", "1 2", "'1", "=1", '"7"', "1,5", "٣", "x", "1_000", "0_1", "0b1"),
    *(".5", "5.", ".", "-.5", "0.005", "0.001", "0.000001", "0.010000", "5.123456", "1e3", "1E+3", "1E-2", "1e-3"),
    *("1e", "123e-2", "123.456789e-2", "1e00002", "0e999", "1e999", "1e400", "1e-400", "9e9", "9.00000000001e9"),
    *("NaN", "nan(1)", "inf", "-Infinity", "0x1F", "0X1F", "0x1p3", "0x", "\\.", "\\N", "\v5", "5\f"),
    *("9000000000", "-9000000000", "9000000000.00001", "8999999999.99999", "8999999999.995", "8999999999.99"),
    *("0" * 30 + "7", "0" * 200, "9" * 400, "1e" + "0" * 30, "0.01" + "0" * 90 + "1", "12345.67000000000001"),
)


@st.composite
def amount(draw):
    value = draw(fen)
    sign = "-" if value < 0 else ""
    text = draw(written).replace("{:.2f}", f"{sign}{abs(value) // 100}.{abs(value) % 100:02}")
    return draw(
        st.just(text.replace("{:.4f}", f"{sign}{abs(value) // 100}.{abs(value) % 100:02}00")) | st.sampled_from(ODD)
    )


strange = st.sampled_from([LOST, " 500001", " 500101", "500002 ", "0500003", "500004a", "", "999999", "1" * 25])
numbers = st.sampled_from([*FAMILY, *FAMILY]) | st.sampled_from(NUMBERS) | strange
levels = st.sampled_from(["", "none", "gold", "金", "Platinum", " 钻石", "standard", "black", "golden", "NONE"])
flags = st.sampled_from(["", "0", "0", "1", "是", "否", " 1", "1.0", "2", "-1", "x", "01", "0_1", "0b1", "TRUE", "0.5"])
held = ["", "deposit", "存款", "deposit;fund", "Fund; deposit", ";", "基金；保险", "gold", "fund,", "a_0"]
categories = st.sampled_from(held)
line = st.tuples(numbers, amount(), *[st.just("") | amount()] * 3, levels, flags, flags, categories).map(list)
plain = st.integers(0, 10**8).map(lambda value: f"{value // 100}.{value % 100:02}")
sound = st.tuples(
    st.sampled_from(FAMILY),
    plain,
    *[st.sampled_from(["", "0", "2.5"]) | plain] * 3,
    st.sampled_from(["", "gold", "standard", "platinum"]),
    *[st.sampled_from(["", "0", "1"])] * 2,
    st.sampled_from(["", "deposit", "fund;deposit", "insurance"]),
).map(list)
# A column that nobody knows, with what the known ones would be read otherwise for.
noted = st.builds(lambda row, note: [*row, note], line | sound, st.sampled_from(["", "", "x", "0x1F", "e-9 \\N", '"a']))


@dataclass(frozen=True)
class Bank:
    entity: LegalEntity
    born: dict[str, date]
    bits: dict[str, int]


@pytest.fixture
def bank():
    entity = make_entity()
    make_customers(*NUMBERS, born=BORN)
    make_customers(*MERGED, CLOSED, LOST)
    Customer.objects.filter(customer_number=CLOSED).update(status=CustomerStatus.CLOSED)
    for number, survivor in (*MERGED.items(), (LOST, CLOSED)):
        into = Customer.objects.get(customer_number=survivor)
        Customer.objects.filter(customer_number=number).update(status=CustomerStatus.MERGED, merged_into=into)
    spellings = ProductCategory.objects.values_list("code", "name", "bit")
    bits = {spelling: bit for *both, bit in spellings for spelling in both}
    return Bank(entity, dict(zip(NUMBERS, BORN, strict=True)), bits)


def cell(text: str, delimiter: str) -> str:
    return '"' + text.replace('"', '""') + '"' if delimiter in text or '"' in text else text


def due(rows: list[list[str]], bits: dict[str, int]) -> tuple[dict[str, Line], dict[int, str]]:
    """By the rules alone: the valid lines by their number, and codes by line. A line of empty cells is blank."""
    lines, codes = {}, {}
    for place, row in enumerate(rows, 2):
        if not "".join(row).strip(" \t|,"):
            continue
        verdict = parse_line(dict(zip(COLUMNS, row[:-1], strict=True)), bits)
        if isinstance(verdict, str):
            codes[place] = verdict
        elif verdict.customer_number not in (*NUMBERS, *MERGED):
            codes[place] = "unknown_customer"
        elif verdict.customer_number in lines:
            codes[place] = "duplicate_line"
        else:
            lines[verdict.customer_number] = verdict
    return lines, codes


def facts_of(line: SnapshotLine) -> tuple:
    amounts = (line.card_spend_year or 0, line.personal_loan_balance or 0, line.custody_margin or 0)
    return (line.aum, *amounts, line.card_level, line.admission, line.categories, line.tier, line.reasons)


def tier_of(line: Line, born: date, day: date) -> tuple[int, int]:
    found = evaluate(
        Facts(
            aum=line.aum,
            age=age_on(born, day),
            card_spend_year=line.card_spend_year,
            personal_loan_balance=line.personal_loan_balance,
            custody_margin=line.custody_margin,
            card_level=line.card_level,
            admission_private_wealth=bool(line.admission & Reason.ADMISSION_PRIVATE_WEALTH),
            admission_wealth_management=bool(line.admission & Reason.ADMISSION_WEALTH_MANAGEMENT),
        ),
        STANDARD,
    )
    return found.tier, found.reason_mask


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.tuples(st.lists(noted, max_size=60), st.lists(noted, max_size=15)),
    order=st.permutations([*COLUMNS, NOTE]),
    delimiter=st.sampled_from([",", ",", "\t", "|"]),
    ends=st.lists(st.sampled_from(["\n", "\n", "\r\n"]), min_size=1, max_size=3),
    block=st.sampled_from([500, 2000, 10**6]),
    piece=st.sampled_from([1, 200]),
    many=st.sampled_from([0, 10**6]),
    few=st.sampled_from([0, 2, 32]),
)
def test_lines_facts_and_codes(files, order, delimiter, ends, block, piece, many, few, bank, monkeypatch):
    """Of a file and of a correction of it; also as if the lines were too many to look at each for its products, and to
    look each customer up, and the products too many to stand in a statement.
    """
    monkeypatch.setattr("tiering.jobs.plain_blocks.PIECE", piece)
    monkeypatch.setattr("tiering.jobs.lanes.NEXT", piece)
    monkeypatch.setattr("tiering.jobs.held_texts.MANY", many)
    monkeypatch.setattr("tiering.jobs.planning.MANY", many)
    monkeypatch.setattr("tiering.jobs.load_snapshot.FEW_TEXTS", few)
    day, found = FIRST_DAY + timedelta(days=next(days)), {}
    for rows in files:
        lines, codes = due(rows, bank.bits)
        customers = credited(lines.values(), MERGED)
        cells = [[dict(zip((*COLUMNS, NOTE), row, strict=True))[name] for name in order] for row in rows]
        texts = [delimiter.join(cell(each, delimiter) for each in row) for row in (order, *cells)]
        data = "".join(text + end for text, end in zip(texts, itertools.cycle(ends)))
        # A line that is longer than a block is a fault of its own (tests/files).
        monkeypatch.setattr("tiering.jobs.reading.BLOCK", max(block, *(len(text.encode()) + 2 for text in texts)))
        run = run_lines(bank.entity, day, data.encode())
        assert run.status == "succeeded"
        assert dict(rejects_of(run)) == codes
        written = {number: (*each[1:], *tier_of(each, bank.born[number], day)) for number, each in customers.items()}
        changed = written.items() - found.items()
        found |= written
        assert {number: facts_of(each) for number, each in lines_of(bank.entity, day).items()} == found
        assert (run.accepted, run.changed, run.rejected) == (len(lines), len(changed), len(codes))
    if found:
        every_line_is_whole(day_table(bank.entity.pk, day))


def every_line_is_whole(table: str) -> None:
    """The check that the first file of a day is not looked through for holds for each of its lines."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(SQL("ALTER TABLE {} VALIDATE CONSTRAINT snapshotline_known").format(Identifier(table)))


# Small ones, the largest, and some of every size.
FEN = """
SELECT n AS fen FROM generate_series(-20000, 200000) n
UNION ALL SELECT %(largest)s - n FROM generate_series(1, 100000) n
UNION ALL SELECT hashint8extended(n, 0) %% %(largest)s FROM generate_series(1::bigint, 200000) n
UNION ALL SELECT hashint8extended(n, 1) %% (2 ^ (n %% 40))::bigint FROM generate_series(1::bigint, 200000) n
"""
AS_DOUBLE = f"SELECT fen, (fen::numeric / 100 + %(part)s::numeric)::text::double precision AS amount FROM ({FEN}) each"


def count(condition: str, part: str) -> int:
    """Of amounts as a file writes them, each a part of a yuan larger than whole fen."""
    with connections["owner"].cursor() as cursor:
        query = f"SELECT count(*) FROM ({AS_DOUBLE}) d WHERE {condition}"
        cursor.execute(query, {"largest": LARGEST, "part": part})
        return cursor.fetchone()[0]


def test_a_double_gives_every_amount_back_to_the_fen():
    kept = "(amount * 100)::bigint = fen AND (amount * 100)::bigint / 100::double precision = amount"
    assert count(f"NOT ({kept})", "0.00") == 0


@pytest.mark.parametrize("part", ["0.001", "0.00001", "0.00999", "0.00499", "0.00501"])
def test_no_part_of_a_fen_of_five_decimals_passes_for_none(part):
    assert count("(amount * 100)::bigint / 100::double precision = amount", part) == 0
