"""What a list of customers is to show."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.staff.models import Staff
from tiering.enums import BANDED, Tier
from tiering.selectors.days import Days
from tiering.selectors.scope import Scope

NOBODY = "none"


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
    def unallocated(self) -> bool:
        """Whom the rollout still has to give an owner: the night's `without owner` less who closed since."""
        return self.what == "unallocated"

    @property
    def overdue(self) -> bool:
        return self.what == "overdue"

    @property
    def lacking(self) -> bool:
        """Whose lines say which owners are missing."""
        return self.what in ("incomplete", "warned")

    @property
    def since(self) -> date | None:
        """The day that movement is counted from."""
        return self.days.month if self.what.startswith("month") else self.days.quarter
