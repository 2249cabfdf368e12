"""What every step of a quarter's assessment knows, and which loaded days its ends are."""

from dataclasses import dataclass
from datetime import date

from tiering.enums import Incomplete
from tiering.models import SnapshotDay
from tiering.rules.policy import Policy
from tiering.rules.quarters import Quarter, day_standing_for


@dataclass(frozen=True)
class QuarterEnds:
    """`opening` and `closing` are loaded days, None where there is none; `until` is the day whose owners count at the
    end: the last of the quarter, of a running quarter its newest loaded one.
    """

    quarter: Quarter
    opening: SnapshotDay | None
    closing: SnapshotDay | None
    until: date
    incomplete: str

    @property
    def since(self) -> date:
        return self.quarter.opening_on


def quarter_ends(legal_entity_id: int, quarter: Quarter, today: date, *, using: str = "default") -> QuarterEnds:
    """Of a quarter that is not over, the newest day so far stands for its end."""
    rows = SnapshotDay.objects.using(using).select_related("policy").filter(legal_entity=legal_entity_id)
    days = {row.as_of: row for row in rows.filter(as_of__lte=quarter.closing_on).order_by("as_of")}
    opening = day_standing_for(quarter.opening_on, days)
    if today <= quarter.closing_on:
        within = [day for day in days if day > quarter.opening_on]
        closing = until = max(within, default=None)
    else:
        closing, until = day_standing_for(quarter.closing_on, days), quarter.closing_on
    incomplete = why_incomplete(opening, closing, today, quarter)
    return QuarterEnds(quarter, days.get(opening), days.get(closing), until or quarter.closing_on, incomplete)


def why_incomplete(opening: date | None, closing: date | None, today: date, quarter: Quarter) -> str:
    if opening is None:
        return Incomplete.OPENING_MISSING
    if today <= quarter.closing_on:
        return Incomplete.RUNNING
    return "" if closing else Incomplete.CLOSING_MISSING


@dataclass(frozen=True)
class Assessed:
    """`opening` and `closing` name the tables of the days, `opening_lines` and `closing_lines` what is kept of them for
    assessments; `policy` is that of the opening day, `categories` the bits of the closing day's list of products.
    """

    assessment_id: int
    legal_entity_id: int
    opening: str
    closing: str
    opening_lines: str
    closing_lines: str
    opening_on: date
    closing_on: date
    since: date
    until: date
    policy: Policy
    categories: int
    earliest: date

    @property
    def listed(self) -> int:
        """How many categories the list has."""
        return self.categories.bit_count()

    @property
    def values(self) -> dict:
        return {
            "entity": self.legal_entity_id,
            "opening_on": self.opening_on,
            "closing_on": self.closing_on,
            "since": self.since,
            "until": self.until,
            "earliest": self.earliest,
        }
