"""二八视图: how many customers bring most of the money. The SQL is held to this by a test. Amounts are whole fen."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

MOST_OF_IT = 80  # percent
HEADS = (1, 5, 10, 20, 50)  # percent of the customers, the richest first


@dataclass(frozen=True)
class Head:
    """The richest `percent` of the customers: at least one of them, a part of one counts as one."""

    percent: int
    customers: int
    aum: int


@dataclass(frozen=True)
class Concentration:
    """`bringing`: the fewest customers who have MOST_OF_IT percent of all AUM together; `floor` is the least of theirs.
    `curve`: at every whole percent of the customers, what they have together, from nought to all.
    """

    customers: int
    aum: int
    bringing: int
    floor: int
    heads: tuple[Head, ...]
    curve: tuple[int, ...]


def concentration(amounts: Iterable[int]) -> Concentration:
    """Of customers with anything at all."""
    ordered = sorted((amount for amount in amounts if amount > 0), reverse=True)
    running = [0, *accumulate(ordered)]
    total, number = running[-1], len(ordered)
    bringing = bisect_left(running, -(-total * MOST_OF_IT // 100))
    heads = tuple(Head(each, count, running[count]) for each in HEADS for count in [part(number, each)])
    curve = tuple(running[part(number, each)] for each in range(101))
    return Concentration(number, total, bringing, ordered[bringing - 1] if bringing else 0, heads, curve)


def part(number: int, percent: int) -> int:
    """So many percent of them, rounded up."""
    return -(-number * percent // 100)
