"""The customers behind a figure of an assessment, in the order of their money at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.enums import Indicator
from tiering.models import Assessment, AssessmentCustomer
from tiering.rules.indicators import Part
from tiering.selectors.scope import Scope

PAGE, CHUNK = 50, 5000
KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
OPENING, CLOSING, ARRIVAL = "opening_owner", "closing_owner", "arrival_owner"
WEALTHY = "wealthy"
NUMERATOR, DENOMINATOR = "numerator", "denominator"
# By indicator and part: who counts, for whom.
BEHIND = {
    (Indicator.CHURN_RATE, NUMERATOR): [(Part.CHURNED, OPENING)],
    (Indicator.CHURN_RATE, DENOMINATOR): [(Part.OPENING, OPENING)],
    (Indicator.UPGRADE_RATE, NUMERATOR): [(Part.UPGRADED, OPENING)],
    (Indicator.UPGRADE_RATE, DENOMINATOR): [(Part.OPENING, OPENING)],
    (Indicator.PRODUCT_COVERAGE, NUMERATOR): [(Part.HELD, CLOSING)],
    (Indicator.PRODUCT_COVERAGE, DENOMINATOR): [(Part.HELD, CLOSING)],
    (Indicator.CUSTOMER_GROWTH, NUMERATOR): [(Part.NEW, ARRIVAL), (Part.LEFT, OPENING)],
    (Indicator.CUSTOMER_GROWTH, DENOMINATOR): [(Part.OPENING, OPENING)],
    (Indicator.CUSTOMER_GROWTH, "new"): [(Part.NEW, ARRIVAL)],
    (Indicator.CUSTOMER_GROWTH, "left"): [(Part.LEFT, OPENING)],
    (Indicator.AUM_GROWTH, NUMERATOR): [(Part.OPENING, OPENING), (Part.NEW, ARRIVAL)],
    (Indicator.AUM_GROWTH, DENOMINATOR): [(Part.OPENING, OPENING), (Part.NEW, ARRIVAL)],
    (WEALTHY, NUMERATOR): [(Part.WEALTHY_OPENING, ""), (Part.WEALTHY_CLOSING, "")],
    (WEALTHY, "opening"): [(Part.WEALTHY_OPENING, "")],
    (WEALTHY, "closing"): [(Part.WEALTHY_CLOSING, "")],
}
INDICATORS = (*Indicator.values, WEALTHY)
PARTS = tuple(dict.fromkeys(part for _indicator, part in BEHIND))
COLUMNS = (
    *("customer__customer_number", "customer__name", "branch__code", "branch__name", "opening_aum", "closing_aum"),
    *("products", "parts", "opening_owner__name", "closing_owner__name", "arrival_owner__name"),
)


@dataclass(frozen=True)
class Behind:
    """Which figure is opened: of `owner`, or of all of the scope."""

    assessment: Assessment
    scope: Scope
    indicator: str
    part: str
    owner: Staff | None = None

    @property
    def is_known(self) -> bool:
        """A branch's own measure has no owner, and is not for whom only sees customers of their own."""
        of_branch = self.indicator == WEALTHY and (self.owner or self.scope.own)
        return (self.indicator, self.part) in BEHIND and not of_branch


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


def customers_behind(behind: Behind):
    """Unordered rows."""
    rows = AssessmentCustomer.objects.filter(assessment=behind.assessment.pk)
    if not behind.scope.own and not behind.scope.whole:
        rows = rows.filter(behind.scope.where("branch"))
    condition, bits = Q(), {}
    for part, column in BEHIND[behind.indicator, behind.part]:
        name = f"is_{part.name.lower()}"
        bits[name] = F("parts").bitand(int(part))
        condition |= Q(**{f"{name}__gt": 0}) & _whose(behind, part, column)
    return rows.annotate(**bits).filter(condition)


def _whose(behind: Behind, part: Part, column: str) -> Q:
    """培: who was owned at the beginning counts for that owner alone, whoever it was when the floor was reached."""
    owner = behind.scope.staff if behind.scope.own else behind.owner
    if owner is None or not column:
        return Q()
    of_growth = behind.indicator == Indicator.AUM_GROWTH and part == Part.NEW
    return Q(**{column: owner.pk}) & (Q(opening_owner=None) if of_growth else Q())


def count_behind(behind: Behind) -> int:
    return customers_behind(behind).count()


def page_behind(behind: Behind, after: str = "", *, size: int = PAGE) -> tuple[list[AssessedLine], str | None]:
    """Lines and the key to go on with; a text that is none begins anew."""
    rows = customers_behind(behind).order_by("-closing_aum", "customer_id")
    found = KEY.fullmatch(after)
    if found:
        amount, number = int(found[1]), int(found[2])
        rows = rows.filter(Q(closing_aum__lt=amount) | Q(closing_aum=amount, customer_id__gt=number))
    lines = list(rows.values_list("closing_aum", "customer_id", *COLUMNS)[: size + 1])
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
