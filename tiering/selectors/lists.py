"""客户名单: the customers behind a number of the board, in the order of their money or of their distance to a limit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.enums import BANDED, CardLevel, Tier
from tiering.messages import reason_text
from tiering.models import NearLimit, TierAssignment, TierMove
from tiering.selectors.days import Days
from tiering.selectors.scope import Scope, owned_now

PAGE, CHUNK = 50, 5000
KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
NOBODY = "none"
STANDING = (
    "aum",
    "tier",
    "since",
    "reasons",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "card_level",
    "owner__username",
    "owner__name",
)


@dataclass(frozen=True)
class Filter:
    """`tier` is a code or `banded`; `owner` a member of staff or NOBODY; `what` a key of messages.WHAT."""

    scope: Scope
    days: Days
    tier: str = ""
    owner: Staff | str | None = None
    what: str = ""

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """Empty: whichever."""
        if self.tier == "banded":
            return BANDED
        return (Tier.of_code(self.tier),) if self.tier else ()

    @property
    def near(self) -> bool:
        return self.what.startswith("near")

    @property
    def moved(self) -> bool:
        return self.what.startswith(("month", "quarter"))

    @property
    def since(self) -> date | None:
        """The day that movement is counted from."""
        return self.days.month if self.what.startswith("month") else self.days.quarter


@dataclass(frozen=True)
class Line:
    """One customer of a list; amounts in fen. `from_tier` where the list is about movement; the last three where it is
    about limits, `distance` in hundredths of a percent. Who never was in scope has no `since` and no reasons.
    """

    customer_number: str
    name: str
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

    @property
    def reason_text(self) -> str:
        return reason_text(self.reasons, self)


@dataclass(frozen=True)
class Totals:
    customers: int
    aum: int


@dataclass(frozen=True)
class Source:
    """`rows` unordered; `key` are the two columns of the order, the first one falling where `falls`."""

    rows: object
    columns: tuple[str, ...]
    key: tuple[str, str]
    falls: bool

    def after(self, text: str):
        """Rows from the key on; a text that is none begins anew."""
        order = (f"-{self.key[0]}" if self.falls else self.key[0], self.key[1])
        found = KEY.fullmatch(text)
        rows = self.rows.order_by(*order)
        if not found:
            return rows
        first, second = int(found[1]), int(found[2])
        further = Q(**{f"{self.key[0]}__{'lt' if self.falls else 'gt'}": first})
        return rows.filter(further | Q(**{self.key[0]: first, f"{self.key[1]}__gt": second}))


def source_of(chosen: Filter) -> Source:
    if chosen.near:
        return _near(chosen)
    return _moved(chosen) if chosen.moved else _standing(chosen)


def _standing(chosen: Filter) -> Source:
    rows = chosen.scope.of(TierAssignment.objects.in_scope())
    if chosen.tiers:
        rows = rows.filter(tier__in=chosen.tiers)
    return Source(_owned(rows, chosen.owner, "customer", "owner"), STANDING, ("aum", "customer_id"), falls=True)


def _owned(rows, owner, customer: str, primary: str):
    if owner == NOBODY:
        return rows.filter(**{primary: None})
    return rows.filter(**{f"{customer}__in": owned_now(owner)}) if owner else rows


def _moved(chosen: Filter) -> Source:
    """From where one stood on the day of comparison to where one stands: up and down again is no movement."""
    rows = chosen.scope.of(TierAssignment.objects.all())
    if chosen.since is None:
        rows = rows.none()
    steps = TierMove.objects.filter(customer=OuterRef("pk"), as_of__gt=chosen.since or date.max)
    origin = Subquery(steps.order_by("as_of", "pk").values("from_tier")[:1])
    rows = rows.filter(Exists(steps)).annotate(from_tier=origin).filter(_direction(chosen))
    rows = _owned(rows, chosen.owner, "customer", "owner")
    return Source(rows, (*STANDING, "from_tier"), ("aum", "customer_id"), falls=True)


def _direction(chosen: Filter) -> Q:
    rose, fell = Q(tier__gt=F("from_tier")), Q(tier__lt=F("from_tier"))
    if chosen.tiers:
        arrived, departed = Q(tier__in=chosen.tiers), Q(from_tier__in=chosen.tiers)
    else:
        arrived = departed = Q()
    if chosen.what.endswith("_up"):
        return rose & arrived
    if chosen.what.endswith("_down"):
        return fell & departed
    return (rose | fell) & (arrived | departed)


def _near(chosen: Filter) -> Source:
    rows = chosen.scope.of(NearLimit.objects.filter(rises=chosen.what == "near_up"))
    if chosen.tiers:
        rows = rows.filter(tier__in=chosen.tiers)
    rows = _owned(rows, chosen.owner, "customer", "customer__tierassignment__owner")
    standing = tuple(name if name in ("aum", "tier") else f"customer__tierassignment__{name}" for name in STANDING)
    return Source(rows, (*standing, "to_tier", "limit", "distance"), ("distance", "pk"), falls=False)


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
        mask_name(name),
        f"{branch} {branch_name}",
        owner=owner,
        owner_name=owner_name,
        **known,
        **amounts,
    )
