"""Which figure of an assessment is opened, and who counts in it."""

from dataclasses import dataclass
from functools import cached_property

from psycopg2.sql import Composable

from tellerdesk.staff.models import Staff
from tiering.enums import Indicator
from tiering.models import Assessment, TierPolicy
from tiering.rules.indicators import Part
from tiering.rules.policy import Policy
from tiering.selectors.judged import Counted, judged
from tiering.selectors.policies import as_rules
from tiering.selectors.scope import Scope, branch_ids_of

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

    @property
    def customers(self) -> Composable:
        """Rows as SQL (judged)."""
        own = self.scope.own
        owner = self.scope.staff if own else self.owner
        counted = Counted(
            BEHIND[self.indicator, self.part],
            None if own else branch_ids_of(self.scope),
            owner and owner.pk,
            once=self.indicator == Indicator.AUM_GROWTH,
        )
        return judged(self.assessment, self.policy, counted)
