"""The pass over a file and the rule for one line come to the same, whatever stands in the lines."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellerdesk.core.ages import age_on
from tellerdesk.staff.models import LegalEntity
from tests.factories import make_entity
from tests.tiering.nights import lines_of, make_customers, rejects_of, run_lines
from tests.tiering.rules.policies import STANDARD
from tiering.enums import Reason
from tiering.models import ProductCategory, SnapshotLine
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.snapshot_line import Line, parse_line

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NUMBERS = [f"{number}" for number in range(500001, 500025)]
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
FIRST_DAY = date(2026, 2, 27)
# Sixty and sixty-one around the days, and on a leap day.
BORN = [FIRST_DAY.replace(year=year) + timedelta(days=days) for year in (1964, 1965, 1966) for days in range(8)]
days = itertools.count()

edges = st.sampled_from([5_000_000, 10_000_000, 20_000_000, 200_000_000, 30_000_000, 1_000_000, 0, 10**15])
fen = st.builds(int.__add__, edges, st.integers(-1, 1)) | st.integers(-1000, 10**9)
written = st.sampled_from(["{:.2f}", "{:.2f}", "{:.4f}", " {:.2f}", "{:.2f} ", "+{:.2f}", "{:.2f}e0", "0{:.2f}"])


@st.composite
def amount(draw):
    odd = st.sampled_from(
        ["", "0", "-0", "NaN", "inf", "x", "1e3", "1E-2", "1e-3", ".5", "5.", ".", "1e999", "1e00002", "0x1A", "1_000"]
        + ["0.005", "1,5", "0" * 30 + "7", "0" * 81, "٣", "1 2", "- 1", "--1", "1e", "'1", "=1", '"7"']
    )
    value = draw(fen)
    sign = "-" if value < 0 else ""
    text = draw(written).replace("{:.2f}", f"{sign}{abs(value) // 100}.{abs(value) % 100:02}")
    return draw(st.just(text.replace("{:.4f}", f"{sign}{abs(value) // 100}.{abs(value) % 100:02}00")) | odd)


numbers = st.sampled_from([*NUMBERS, *NUMBERS, " 500001", "500002 ", "0500003", "500004a", "", "999999", "1" * 25])
levels = st.sampled_from(["", "none", "gold", "金", "Platinum", " 钻石", "standard", "black", "golden", "NONE"])
flags = st.sampled_from(["", "0", "0", "1", "是", "否", " 1", "1.0", "2", "-1", "x", "01", "0_1", "0b1", "TRUE", "0.5"])
held = ["", "deposit", "存款", "deposit;fund", "Fund; deposit", ";", "基金；保险", "gold", "fund,", "a_0"]
categories = st.sampled_from(held)
line = st.tuples(numbers, amount(), *[st.just("") | amount()] * 3, levels, flags, flags, categories).map(list)


@dataclass(frozen=True)
class Bank:
    entity: LegalEntity
    born: dict[str, date]
    bits: dict[str, int]


@pytest.fixture
def bank():
    entity = make_entity()
    make_customers(*NUMBERS, born=BORN)
    spellings = ProductCategory.objects.values_list("code", "name", "bit")
    bits = {spelling: bit for *both, bit in spellings for spelling in both}
    return Bank(entity, dict(zip(NUMBERS, BORN, strict=True)), bits)


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def due(rows: list[list[str]], bits: dict[str, int]) -> tuple[dict[str, Line], dict[int, str]]:
    """By the rule alone: lines by customer, codes by line. A line of empty cells is blank."""
    lines, codes = {}, {}
    for place, row in enumerate(rows, 2):
        if not "".join(row).strip():
            continue
        verdict = parse_line(dict(zip(COLUMNS, row, strict=True)), bits)
        if isinstance(verdict, str):
            codes[place] = verdict
        elif verdict.customer_number not in NUMBERS:
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
    rows=st.lists(line, max_size=60),
    block=st.sampled_from([500, 2000, 10**6]),
    piece=st.sampled_from([1, 200]),
    many=st.sampled_from([0, 10**6]),
)
def test_lines_facts_and_codes(rows, block, piece, many, bank, monkeypatch):
    """Also as if the lines were too many to look at each for its products, and to look each customer up."""
    monkeypatch.setattr("tiering.jobs.reading.BLOCK", block)
    monkeypatch.setattr("tiering.jobs.plain_blocks.PIECE", piece)
    monkeypatch.setattr("tiering.jobs.held_texts.MANY", many)
    monkeypatch.setattr("tiering.jobs.planning.MANY", many)
    day = FIRST_DAY + timedelta(days=next(days))
    lines, codes = due(rows, bank.bits)
    run = run_lines(bank.entity, day, [",".join(map(cell, row)) for row in rows], header=",".join(COLUMNS))
    assert run.status == "succeeded"
    assert dict(rejects_of(run)) == codes
    assert {number: facts_of(each) for number, each in lines_of(bank.entity, day).items()} == {
        number: (*each[1:], *tier_of(each, bank.born[number], day)) for number, each in lines.items()
    }
    assert (run.accepted, run.changed, run.rejected) == (len(lines), len(lines), len(codes))
