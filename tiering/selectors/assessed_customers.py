"""The customers behind a figure of an assessment, in the order of their money at the end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connections, router
from psycopg2.sql import SQL, Composable, Literal

from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Staff
from tiering.enums import Indicator
from tiering.models import Assessment, AssessmentCustomer, TierPolicy
from tiering.rules.indicators import Part
from tiering.rules.policy import Policy
from tiering.selectors.judged import Counted, all_parts, judged
from tiering.selectors.policies import as_rules
from tiering.selectors.scope import Scope, branch_ids_of

PAGE, CHUNK = 50, 20_000
KEY = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})", re.ASCII)
OPENING, CLOSING, ARRIVAL = "opening_owner_id", "closing_owner_id", "arrival_owner_id"
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

    @cached_property
    def policy(self) -> Policy:
        """Of the opening day, as the version was computed by it."""
        versions = TierPolicy.objects.of_entity(self.assessment.legal_entity_id)
        return as_rules(versions.get(version=self.assessment.policy_version))


@dataclass(frozen=True)
class Net:
    new: int
    left: int

    @property
    def customers(self) -> int:
        return self.new - self.left


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
    [[number]] = _rows(SQL(COUNTED).format(judged=_asked(behind)))
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
    parts = {"judged": _asked(behind), "parts": all_parts(behind.policy)}
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


def _asked(behind: Behind) -> Composable:
    owner = behind.scope.staff if behind.scope.own else behind.owner
    counted = Counted(
        BEHIND[behind.indicator, behind.part],
        None if behind.scope.own else branch_ids_of(behind.scope),
        owner and owner.pk,
        once=behind.indicator == Indicator.AUM_GROWTH,
    )
    return judged(behind.assessment, behind.policy, counted)
