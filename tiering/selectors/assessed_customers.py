"""The customers behind a figure of an assessment, in the order of their money at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import connections, router
from psycopg2.sql import SQL, Composable, Literal

from tellerdesk.core.masking import mask_name
from tiering.enums import Indicator
from tiering.models import AssessmentCustomer
from tiering.rules.indicators import Part
from tiering.selectors.behind import NUMERATOR, Behind
from tiering.selectors.judged import all_parts

PAGE, CHUNK = 50, 20_000
KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
COUNTED = "SELECT count(*) FROM ({judged}) j"
LINES = """
SELECT j.closing_aum, j.customer_id, customer_number, c.name, b.code, b.name, j.opening_aum, j.closing_aum, products,
  {parts}, was.name, is_now.name, arrived.name
FROM (SELECT * FROM ({judged}) j WHERE {after} ORDER BY closing_aum DESC, customer_id LIMIT {size}) j
JOIN customers_customer c ON c.id = j.customer_id JOIN staff_branch b ON b.id = j.branch_id
LEFT JOIN staff_staff was ON was.id = opening_owner_id LEFT JOIN staff_staff is_now ON is_now.id = closing_owner_id
LEFT JOIN staff_staff arrived ON arrived.id = arrival_owner_id
ORDER BY j.closing_aum DESC, j.customer_id
"""
AFTER = "(closing_aum < {amount} OR closing_aum = {amount} AND customer_id > {number})"


@dataclass(frozen=True)
class Net:
    """Nobody is on both sides: who arrived has the floor at the end, who left has not."""

    new: int
    left: int

    @property
    def customers(self) -> int:
        return self.new - self.left

    @property
    def listed(self) -> int:
        return self.new + self.left


@dataclass(frozen=True)
class AssessedLine:
    """One customer; amounts in fen, the name masked."""

    customer_number: str
    full_name: str
    branch: str
    opening_aum: int
    closing_aum: int
    products: int
    parts: Part
    opening_owner: str
    closing_owner: str
    arrival_owner: str

    @property
    def name(self) -> str:
        return mask_name(self.full_name)

    @property
    def change(self) -> int:
        return self.closing_aum - self.opening_aum


def count_behind(behind: Behind) -> int:
    if not behind.assessment.has_figures:
        return 0
    [[number]] = _rows(SQL(COUNTED).format(judged=behind.customers))
    return number


def net_behind(behind: Behind) -> Net | None:
    """Where the list has two sides and the figure is their difference."""
    if (behind.indicator, behind.part) != (Indicator.CUSTOMER_GROWTH, NUMERATOR):
        return None
    return Net(*(count_behind(replace(behind, part=part)) for part in ("new", "left")))


def page_behind(behind: Behind, after: str = "", *, size: int = PAGE) -> tuple[list[AssessedLine], str | None]:
    """Lines and the key to go on with; a text that is none begins anew."""
    if not behind.assessment.has_figures:
        return [], None
    found, beyond = KEY.fullmatch(after), SQL("true")
    if found:
        amount, number = map(Literal, map(int, found.groups()))
        beyond = SQL(AFTER).format(amount=amount, number=number)
    parts = {"judged": behind.customers, "parts": all_parts(behind.policy)}
    lines = _rows(SQL(LINES).format(after=beyond, size=Literal(size + 1), **parts))
    following = f"{lines[size - 1][0]}.{lines[size - 1][1]}" if len(lines) > size else None
    return [_line(row[2:]) for row in lines[:size]], following


def every_line_behind(behind: Behind) -> Iterator[AssessedLine]:
    after: str | None = ""
    while after is not None:
        lines, after = page_behind(behind, after, size=CHUNK)
        yield from lines


def _line(row: tuple) -> AssessedLine:
    number, name, code, branch, opening, closing, products, parts, *owners = row
    return AssessedLine(
        number, name, f"{code} {branch}", opening, closing, products, Part(parts), *(each or "" for each in owners)
    )


def _rows(text: Composable) -> list[tuple]:
    with connections[router.db_for_read(AssessmentCustomer)].cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchall()
