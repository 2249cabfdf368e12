"""What the lines of one batch say about each customer: exactly one primary, the others beside him (decision D10)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

YES = frozenset({"1", "是", "主责", "y", "yes", "true"})
NO = frozenset({"0", "否", "协办", "n", "no", "false"})


@dataclass(frozen=True)
class Given:
    """As it was sent. `primary` blank: the customer's first line names the primary, each further one a co-owner."""

    line: int
    customer_number: str
    owner: str
    primary: str = ""
    note: str = ""


def settle(lines: Sequence[Given]) -> list[bool | str]:
    """For each line whether it names the primary, or the code of its fault: `bad_primary`, `duplicate_line`,
    `two_primaries`, `no_primary`.
    """
    found = _read(lines)
    primaries = Counter(line.customer_number for line, says in zip(lines, found, strict=True) if says is True)
    faulty = {line.customer_number for line, says in zip(lines, found, strict=True) if isinstance(says, str)}
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if found[place] is True and line.customer_number in seen:
            found[place] = "two_primaries"
        elif found[place] is True:
            seen.add(line.customer_number)
        elif found[place] is False and not primaries[line.customer_number] and line.customer_number not in faulty:
            found[place] = "no_primary"
    return found


def _read(lines: Sequence[Given]) -> list[bool | str]:
    owners: set[tuple[str, str]] = set()
    met: set[str] = set()
    found: list[bool | str] = []
    for line in lines:
        key = (line.customer_number, line.owner)
        found.append("duplicate_line" if key in owners else _primary(line.primary, first=key[0] not in met))
        owners.add(key)
        met.add(key[0])
    return found


def _primary(text: str, *, first: bool) -> bool | str:
    word = text.strip().lower()
    if not word:
        return first
    return True if word in YES else False if word in NO else "bad_primary"


def with_their_like(lines: Sequence[Given], codes: Sequence[str]) -> list[str]:
    """A customer of whom one line is wrong gets no owner by the others either: `other_line`."""
    wrong = {line.customer_number for line, code in zip(lines, codes, strict=True) if code}
    return [
        code or ("other_line" if line.customer_number in wrong else "") for line, code in zip(lines, codes, strict=True)
    ]
