"""What a drafted policy must be before anybody submits it (rules 4.1 to 4.3, 4.6): bands that follow each other without
a gap, owners whom the bank knows, amounts in whole fen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tiering.enums import BANDED
from tiering.rules.money import LARGEST
from tiering.rules.policy import Band, Policy, Scope

OWNING_POSITIONS = (
    "teller",
    "lobby_manager",
    "branch_manager",
    "financial_advisor",
    "wealth_manager",
    "deputy_president",
    "branch_president",
)
OLDEST = 150  # years
LONGEST_GRACE = 366  # days
MOST_CATEGORIES = 31  # bits of a day's line
LONGEST_CODE = LONGEST_NAME = 30
SLUG = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
AMOUNTS = ("card_spend_year", "personal_loan_balance", "custody_margin")


@dataclass(frozen=True)
class Category:
    code: str
    name: str


@dataclass(frozen=True)
class Draft:
    """What a person wants the policy to say. `bands` from the highest tier down, amounts in fen."""

    effective_from: date
    note: str
    bands: tuple[Band, ...]
    scope: Scope
    grace_days: int
    categories: tuple[Category, ...]

    def rules(self, version: int) -> Policy:
        """As a customer is judged by it; products count for nothing there."""
        return Policy(version, self.effective_from, self.bands, self.scope, grace_days=self.grace_days)


@dataclass(frozen=True)
class Problem:
    """`field` is a path such as `bands.2.floor`, places as in the draft; `context` has what the sentence names."""

    field: str
    code: str
    context: dict = field(default_factory=dict)


def problems(draft: Draft) -> list[Problem]:
    found = [*_tiers(draft.bands)]
    if not found:
        found += _meetings(draft.bands)
        for place, band in enumerate(draft.bands):
            found += _band(f"bands.{place}", band)
    return [*found, *_scope(draft.scope), *_grace(draft.grace_days), *_categories(draft.categories)]


def _tiers(bands: tuple[Band, ...]) -> Iterator[Problem]:
    """The four tiers once each, listed from the highest down as every answer lists them."""
    tiers = [band.tier for band in bands]
    if sorted(tiers, reverse=True) != list(BANDED):
        yield Problem("bands", "tiers")
    elif tiers != list(BANDED):
        yield Problem("bands", "wrong_order")


def _meetings(bands: tuple[Band, ...]) -> Iterator[Problem]:
    if bands[0].ceiling is not None:
        yield Problem("bands.0.ceiling", "no_ceiling")
    for place, (higher, lower) in enumerate(pairwise(bands)):
        if lower.ceiling is None:
            yield Problem(f"bands.{place + 1}.ceiling", "required")
        if higher.floor <= lower.floor:
            context = {"floor": higher.floor, "tier": lower.tier, "other": lower.floor}
            yield Problem(f"bands.{place}.floor", "wrong_order", context)
        elif lower.ceiling is not None:
            yield from _end(place, higher, lower)


def _end(place: int, higher: Band, lower: Band) -> Iterator[Problem]:
    """Where one band ends the next begins, and the limit itself belongs to one of the two."""
    context = {"ceiling": lower.ceiling, "floor": higher.floor, "tier": higher.tier}
    shared = lower.ceiling == higher.floor
    if lower.ceiling < higher.floor or (shared and not (lower.ceiling_inclusive or higher.floor_inclusive)):
        yield Problem(f"bands.{place + 1}.ceiling", "gap", context)
    elif lower.ceiling > higher.floor or (lower.ceiling_inclusive and higher.floor_inclusive):
        yield Problem(f"bands.{place + 1}.ceiling", "overlap", context)


def _band(path: str, band: Band) -> Iterator[Problem]:
    yield from _amount(f"{path}.floor", band.floor)
    if band.ceiling is not None:
        yield from _amount(f"{path}.ceiling", band.ceiling)
        if band.ceiling <= band.floor:
            context = {"floor": band.floor, "ceiling": band.ceiling}
            yield Problem(f"{path}.ceiling", "wrong_order", context)
    if band.max_age is not None:
        yield from _between(f"{path}.max_age", band.max_age, 1, OLDEST)
    yield from _owners(path, band)


def _owners(path: str, band: Band) -> Iterator[Problem]:
    if not band.positions:
        yield Problem(f"{path}.positions", "required")
        return
    unknown = [position for position in band.positions if position not in OWNING_POSITIONS]
    if unknown:
        yield Problem(f"{path}.positions", "unknown_position", {"position": unknown[0]})
    if len(set(band.positions)) < len(band.positions):
        yield Problem(f"{path}.positions", "twice")
    yield from _between(f"{path}.positions_needed", band.positions_needed, 1, len(set(band.positions)))


def _scope(scope: Scope) -> Iterator[Problem]:
    for name in AMOUNTS:
        yield from _amount(f"scope.{name}", getattr(scope, name))


def _grace(days: int) -> Iterator[Problem]:
    return _between("downgrade_grace_days", days, 0, LONGEST_GRACE)


def _categories(categories: tuple[Category, ...]) -> Iterator[Problem]:
    if not categories:
        yield Problem("product_categories", "required")
    if len(categories) > MOST_CATEGORIES:
        yield Problem("product_categories", "too_many", {"most": MOST_CATEGORIES})
    spelt: set[str] = set()
    for place, each in enumerate(categories):
        spellings = {each.code, each.name.lower()}
        if len(each.code) > LONGEST_CODE or not SLUG.fullmatch(each.code):
            yield Problem(f"product_categories.{place}", "format")
        elif not _is_name(each.name):
            yield Problem(f"product_categories.{place}", "name")
        elif spellings & spelt:
            yield Problem(f"product_categories.{place}", "twice")
        spelt |= spellings


def _is_name(name: str) -> bool:
    """What a file may write between its semicolons."""
    return 0 < len(name) <= LONGEST_NAME and name.strip() == name and name.isprintable() and not set(name) & set(";；")


def _amount(path: str, fen: int) -> Iterator[Problem]:
    if not 0 <= fen <= LARGEST:
        yield Problem(path, "out_of_range", {"least": 0, "most": LARGEST, "is_money": True})


def _between(path: str, value: int, least: int, most: int) -> Iterator[Problem]:
    if not least <= value <= most:
        yield Problem(path, "out_of_range", {"least": least, "most": most})


class NoBitLeft(Exception):
    """Every bit has a meaning already; `code` is the category that finds none."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def category_bits(codes: tuple[str, ...], known: dict[str, int]) -> dict[str, int]:
    """A code keeps the bit it ever had (`known`, over all versions); a new one takes the lowest that none ever had.

    Raises NoBitLeft.
    """
    free = iter(sorted(set(range(MOST_CATEGORIES)) - set(known.values())))
    found = {}
    for code in codes:
        bit = known[code] if code in known else next(free, None)
        if bit is None:
            raise NoBitLeft(code)
        found[code] = bit
    return found
