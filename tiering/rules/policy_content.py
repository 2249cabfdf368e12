"""What a policy says, line by line: two of them are compared by it, on the page and in the audit."""

from dataclasses import dataclass

from tiering.enums import CardLevel, Tier
from tiering.rules.money import yuan
from tiering.rules.policy import Band
from tiering.rules.policy_draft import AMOUNTS, Category, Draft


@dataclass(frozen=True)
class Limit:
    """One end of a band. As text it reads the same in every language."""

    fen: int
    inclusive: bool
    is_floor: bool

    @property
    def sign(self) -> str:
        mark = ">" if self.is_floor else "<"
        return {">": "≥", "<": "≤"}[mark] if self.inclusive else mark

    def __str__(self):
        return f"{self.sign} {yuan(self.fen)}"


@dataclass(frozen=True)
class Age:
    years: int
    inclusive: bool

    @property
    def sign(self) -> str:
        return "≤" if self.inclusive else "<"

    def __str__(self):
        return f"{self.sign} {self.years}"


@dataclass(frozen=True)
class Amount:
    fen: int

    def __str__(self):
        return str(yuan(self.fen))


@dataclass(frozen=True)
class Positions:
    """Who owns customers of a tier: `needed` of them."""

    codes: tuple[str, ...]
    needed: int

    def __str__(self):
        return f"{self.needed}: {', '.join(self.codes)}"


@dataclass(frozen=True)
class Categories:
    each: tuple[Category, ...]

    def __str__(self):
        return ", ".join(f"{category.code} {category.name}" for category in self.each)


Content = Limit | Age | Amount | Positions | Categories | CardLevel | int | None


def contents(draft: Draft) -> dict[str, Content]:
    """By what it is of: `wealth_management.floor`, `scope.card_level`. None: no limit."""
    found: dict[str, Content] = {}
    for band in draft.bands:
        found |= _of_band(band)
    found |= {f"scope.{name}": Amount(getattr(draft.scope, name)) for name in AMOUNTS}
    found["scope.card_level"] = draft.scope.card_level
    found["downgrade_grace_days"] = draft.grace_days
    found["product_categories"] = Categories(draft.categories)
    return found


def _of_band(band: Band) -> dict[str, Content]:
    code = Tier(band.tier).code
    top = None if band.ceiling is None else Limit(band.ceiling, band.ceiling_inclusive, is_floor=False)
    return {
        f"{code}.floor": Limit(band.floor, band.floor_inclusive, is_floor=True),
        f"{code}.ceiling": top,
        f"{code}.max_age": None if band.max_age is None else Age(band.max_age, band.max_age_inclusive),
        f"{code}.positions": Positions(band.positions, band.positions_needed),
    }


@dataclass(frozen=True)
class Difference:
    key: str
    before: Content
    after: Content


def differences(before: Draft, after: Draft) -> list[Difference]:
    """In the order in which a policy is read; note and day of effect are not content."""
    former = contents(before)
    rows = ((key, former.get(key), value) for key, value in contents(after).items())
    return [Difference(*row) for row in rows if row[1] != row[2]]
