"""Lines that cannot all go in: the person or the number is there already, or stands in the file twice.

The first line that may go in counts (contract "Customer file"); whatever is refused claims neither person nor number.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A line whose person or number meets another. `customer_number` is "" where none is given.

    `holder` is the number of the customer who is that person, `of_this_file` whether this file made them;
    `taken` whether the number is another customer's, or an earlier line's.
    """

    line: int
    person: str
    customer_number: str
    holder: str = ""
    of_this_file: bool = False
    taken: bool = False


def settle(candidates: Iterable[Candidate]) -> dict[int, str]:
    """The code of every line that stays out: customer_exists, duplicate_line, number_taken."""
    people: set[str] = set()
    numbers: set[str] = set()
    refused: dict[int, str] = {}
    for each in sorted(candidates, key=lambda candidate: candidate.line):
        code = _refusal(each, people, numbers)
        if code:
            refused[each.line] = code
            continue
        people.add(each.person)
        if each.customer_number:
            numbers.add(each.customer_number)
    return refused


def _refusal(each: Candidate, people: set[str], numbers: set[str]) -> str | None:
    if each.holder and not each.of_this_file:
        return "customer_exists"
    if each.of_this_file or each.person in people:
        return "duplicate_line"
    return "number_taken" if each.taken or each.customer_number in numbers else None
