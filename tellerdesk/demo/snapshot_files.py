"""A day's snapshot file as the core system would send it, with the odd line that is wrong."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from tellerdesk.demo.wealth import Fortune, Wealth
from tiering.enums import CardLevel

HEADER = "客户号,个人金融资产,信用卡年消费,个贷余额,三方存管保证金余额,卡级别,私行财富准入,理财准入,持有产品"
CARDS = {
    CardLevel.NONE: "无",
    CardLevel.STANDARD: "普通",
    CardLevel.GOLD: "金",
    CardLevel.PLATINUM: "白金",
    CardLevel.DIAMOND: "钻石",
}
PRODUCTS = {
    "deposit": "存款",
    "wealth_product": "理财",
    "fund": "基金",
    "insurance": "保险",
    "precious_metal": "贵金属",
    "credit_card": "信用卡",
    "loan": "贷款",
    "e_banking": "电子银行",
}
# A number that no customer has, one that is no number, and an amount that nobody can read.
BAD_LINES = ("100000000000,88000.00,0.00,0.00,0.00,无,0,0,存款", "6203177409260X,1200.00,,,,,,,", "{},待补录,,,,,,,")


@dataclass(frozen=True)
class Saver:
    """A customer as the files know one; `place` is the same at every load."""

    place: int
    customer_number: str
    opened_on: date
    fortune: Fortune


def file_of(savers: list[Saver], day: date, *, newest: date, flawed: bool, seed: str) -> bytes:
    """UTF-8. A `flawed` one ends with three lines that will be rejected."""
    lines = [HEADER, *_lines(savers, day, newest, seed)]
    if flawed:
        lines += [line.format(savers[0].customer_number) for line in BAD_LINES]
    return ("\r\n".join(lines) + "\r\n").encode()


def _lines(savers: Iterable[Saver], day: date, newest: date, seed: str) -> Iterator[str]:
    for saver in savers:
        chance = Random(f"{seed} {saver.place} {day}")
        yield line_of(saver.customer_number, saver.fortune.before((newest - day).days, chance=chance))


def line_of(customer_number: str, wealth: Wealth) -> str:
    amounts = (wealth.aum, wealth.card_spend_year, wealth.personal_loan_balance, wealth.custody_margin)
    admitted = (wealth.admission_private_wealth, wealth.admission_wealth_management)
    products = ";".join(PRODUCTS[code] for code in wealth.products)
    cells = (*map(_yuan, amounts), CARDS[wealth.card_level], *(str(int(each)) for each in admitted), products)
    return ",".join((customer_number, *cells))


def _yuan(fen: int) -> str:
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02}"
