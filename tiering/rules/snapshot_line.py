"""One line of a snapshot file: the cells become facts, or the code of the first fault in the order of the columns.

Whether a customer is known, and which of several lines counts, only the whole file can tell (jobs.load_snapshot).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from customers.rules.customer_number import is_customer_number
from tiering.enums import CardLevel, Reason
from tiering.rules.money import parse_fen

CARD_LEVELS = {
    **{level.code: level for level in CardLevel},
    "无": CardLevel.NONE,
    "普通": CardLevel.STANDARD,
    "金": CardLevel.GOLD,
    "白金": CardLevel.PLATINUM,
    "钻石": CardLevel.DIAMOND,
}
# As cells of true and false columns have them; other spellings of the numbers 0 and 1 are read as well.
FLAGS = {"0": False, "1": True, "否": False, "是": True}
AMOUNTS = ("card_spend_year", "personal_loan_balance", "custody_margin")
ADMISSIONS = {
    "admission_private_wealth": Reason.ADMISSION_PRIVATE_WEALTH,
    "admission_wealth_management": Reason.ADMISSION_WEALTH_MANAGEMENT,
}
SEPARATOR = re.compile("[;；]")
NOTHING = 0


class Line(NamedTuple):
    """Amounts in fen. `admission` holds bits of enums.Reason, `categories` those of the policy's product list."""

    customer_number: str
    aum: int
    card_spend_year: int = 0
    personal_loan_balance: int = 0
    custody_margin: int = 0
    card_level: CardLevel = CardLevel.NONE
    admission: int = 0
    categories: int = 0


def parse_line(cells: Mapping[str, str], categories: Mapping[str, int]) -> Line | str:
    """`categories` are bits by spelling in small letters. Cells that are not there count as empty."""
    number = cells["customer_number"].strip()
    if not is_customer_number(number):
        return "unknown_customer"
    values = [parse_fen(cells["aum"])]
    values += [parse_amount(cells.get(name, "")) for name in AMOUNTS]
    values.append(parse_card_level(cells.get("card_level", "")))
    flags = [parse_flag(cells.get(name, "")) for name in ADMISSIONS]
    held = parse_categories(cells.get("product_categories", ""), categories)
    for value in (*values, *flags, held):
        if isinstance(value, str):
            return value
    bits = sum(bit for bit, holds in zip(ADMISSIONS.values(), flags, strict=True) if holds)
    return Line(number, *values, bits, held)


def column_at_fault(cells: Mapping[str, str]) -> str | None:
    """Of a line that parse_line found `not_a_number` or `out_of_range`: the column of that number."""
    return next((name for name, parse in NUMBERS.items() if isinstance(parse(cells.get(name, "")), str)), None)


def parse_amount(text: str) -> int | str:
    """Empty is nothing; less than nothing is `out_of_range`."""
    fen = parse_fen(text) if text.strip() else NOTHING
    return "out_of_range" if isinstance(fen, int) and fen < 0 else fen


def parse_card_level(text: str) -> CardLevel | str:
    return CARD_LEVELS.get(text.strip().lower() or CardLevel.NONE.code, "unknown_card_level")


def parse_flag(text: str) -> bool | str:
    text = text.strip()
    if not text or text in FLAGS:
        return FLAGS.get(text, False)
    fen = parse_fen(text)
    if isinstance(fen, str):
        return fen
    return {0: False, 100: True}.get(fen, "out_of_range")


def parse_categories(text: str, categories: Mapping[str, int]) -> int | str:
    """The bits of what is held, each once; `categories` as for parse_line."""
    held = 0
    for part in SEPARATOR.split(text):
        name = part.strip().lower()
        if name and name not in categories:
            return "unknown_category"
        held |= 1 << categories[name] if name else 0
    return held


NUMBERS = {"aum": parse_fen, **dict.fromkeys(AMOUNTS, parse_amount), **dict.fromkeys(ADMISSIONS, parse_flag)}
