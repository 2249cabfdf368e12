"""Lines of customers who were merged into another: the core system may go on sending both numbers for ever.

The nightly SQL is held to this by a test.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from tiering.rules.snapshot_line import Line


def credited(lines: Iterable[Line], survivors: Mapping[str, str]) -> dict[str, Line]:
    """One line for each customer, by number; `lines` has each number once, `survivors` by number of who was merged."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(survivors.get(line.customer_number, line.customer_number), []).append(line)
    return {number: united(number, each) for number, each in found.items()}


def united(number: str, lines: list[Line]) -> Line:
    """What they have together, as if it had always been one customer's."""
    return Line(
        number,
        aum=sum(each.aum for each in lines),
        card_spend_year=sum(each.card_spend_year for each in lines),
        personal_loan_balance=sum(each.personal_loan_balance for each in lines),
        custody_margin=sum(each.custody_margin for each in lines),
        card_level=max(each.card_level for each in lines),
        admission=reduce(or_, (each.admission for each in lines)),
        categories=reduce(or_, (each.categories for each in lines)),
    )
