"""The day that a draft is tried on, and what tells whether anything counted from it still holds."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from customers.enums import CustomerStatus
from customers.models import Customer
from tellerdesk.files.runs import RunStatus
from tiering.models import NightlyRun, SnapshotDay, WhatIfBasis
from tiering.rules.policy import Policy
from tiering.selectors.days import policy_rules

GONE = (CustomerStatus.CLOSED, CustomerStatus.MERGED)


@dataclass(frozen=True)
class TrialDay:
    """The newest day with standing tiers; `policy` gave it its tiers."""

    legal_entity_id: int
    as_of: date
    lines: int
    policy: Policy


@dataclass(frozen=True)
class Stamp:
    """The last night, and who has been closed or merged by now: a merge moves standing tiers, a closure a customer."""

    as_of: date
    run_id: int
    gone: int
    gone_sum: int

    @property
    def columns(self) -> dict:
        return {"as_of": self.as_of, "run_id": self.run_id, "gone": self.gone, "gone_sum": self.gone_sum}

    def holds(self, basis: WhatIfBasis) -> bool:
        return all(getattr(basis, name) == value for name, value in self.columns.items())


def trial_day(legal_entity_id: int, *, using: str = "default") -> TrialDay | None:
    rows = SnapshotDay.objects.using(using).filter(legal_entity=legal_entity_id).standing().order_by("-as_of")
    day = rows.first()
    return TrialDay(legal_entity_id, day.as_of, day.lines, policy_rules(day.policy_id)) if day else None


def stamp_of(legal_entity_id: int, as_of: date, *, using: str = "default") -> Stamp:
    """Two queries, by an index of those who are gone."""
    runs = NightlyRun.objects.using(using).filter(legal_entity=legal_entity_id, dry_run=False)
    run = runs.filter(status=RunStatus.SUCCEEDED).order_by("-pk").values_list("pk", flat=True).first()
    gone = Customer.objects.using(using).filter(legal_entity=legal_entity_id, status__in=GONE)
    found = gone.aggregate(gone=Count("pk"), gone_sum=Sum("pk"))
    return Stamp(as_of, run or 0, found["gone"], int(found["gone_sum"] or 0))


def holding_basis(legal_entity_id: int, as_of: date) -> WhatIfBasis | None:
    """The newest, where it still holds for that day."""
    basis = WhatIfBasis.objects.filter(legal_entity=legal_entity_id).order_by("pk").last()
    return basis if basis and stamp_of(legal_entity_id, as_of).holds(basis) else None
