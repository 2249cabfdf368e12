"""客户名单: the customers behind a number of the board, in the order of their money or of their distance to a limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from tellerdesk.core.masking import mask_name
from tiering.enums import CardLevel, Tier
from tiering.messages import missing_words, reason_text
from tiering.rules.completeness import missing_positions
from tiering.rules.policy import Policy
from tiering.selectors.list_sources import STANDING, Source

PAGE, CHUNK = 50, 5000


@dataclass(frozen=True)
class Line:
    """One customer of a list; amounts in fen. `from_tier` where the list is about movement; the next three where it is
    about limits, `distance` in hundredths of a percent; `due_on` where it is about overdue owners, `held` (positions of
    the present ones) where about missing ones. Who never was in scope has no `since` and no reasons.
    """

    customer_number: str
    full_name: str
    branch: str
    aum: int
    tier: Tier
    since: date | None
    reasons: int
    card_spend_year: int
    personal_loan_balance: int
    custody_margin: int
    card_level: int
    owner: str
    owner_name: str
    from_tier: Tier | None = None
    to_tier: Tier | None = None
    limit: int | None = None
    distance: int | None = None
    due_on: date | None = None
    held: list[str] | None = None

    def days_over(self, day: date) -> int | None:
        return (day - self.due_on).days if self.due_on else None

    def missing(self, policy: Policy) -> str:
        """缺主管行长."""
        band = policy.band(self.tier)
        return "" if band is None or self.held is None else missing_words(missing_positions(band, self.held))

    @property
    def name(self) -> str:
        """As lists show it; `full_name` is for whoever lifted the mask."""
        return mask_name(self.full_name)

    @property
    def aum_as_of(self) -> date | None:
        """The day of the amount, where it is not the list's: who fell out of scope has that of the day they fell."""
        return self.since if self.from_tier is not None and self.tier == Tier.OUT_OF_SCOPE else None

    @property
    def reason_text(self) -> str:
        return reason_text(self.reasons, self)


@dataclass(frozen=True)
class Totals:
    customers: int
    aum: int


def totals(source: Source) -> Totals:
    found = source.rows.aggregate(customers=Count("*"), aum=Sum("aum"))
    return Totals(found["customers"], found["aum"] or 0)


def page(source: Source, after: str = "", *, size: int = PAGE) -> tuple[list[Line], str | None]:
    """Lines and the key to go on with."""
    columns = (*source.key, "customer__customer_number", "customer__name", "branch__code", "branch__name")
    rows = list(source.after(after).values_list(*columns, *source.columns)[: size + 1])
    following = f"{rows[size - 1][0]}.{rows[size - 1][1]}" if len(rows) > size else None
    return [_line(source, row[2:]) for row in rows[:size]], following


def every_line(source: Source) -> Iterator[Line]:
    """Some thousands at a time."""
    after: str | None = ""
    while after is not None:
        lines, after = page(source, after, size=CHUNK)
        yield from lines


def _line(source: Source, row: tuple) -> Line:
    number, name, branch, branch_name, *values = row
    known = dict(zip((column.rpartition("tierassignment__")[2] for column in source.columns), values, strict=True))
    for column in ("tier", "from_tier", "to_tier"):
        known[column] = None if known.get(column) is None else Tier(known[column])
    owner, owner_name = known.pop("owner__username") or "", known.pop("owner__name") or ""
    amounts = {each: known.pop(each) or 0 for each in STANDING[3:8]}
    amounts["card_level"] = CardLevel(amounts["card_level"])
    return Line(
        number,
        name,
        f"{branch} {branch_name}",
        owner=owner,
        owner_name=owner_name,
        **known,
        **amounts,
    )
