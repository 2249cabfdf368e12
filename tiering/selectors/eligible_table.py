"""Who may own customers of a branch and tier, asked once for each pair however many customers stand there."""

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Branch
from tiering.enums import Tier
from tiering.rules.ownership import eligible_positions
from tiering.rules.policy import Policy
from tiering.selectors.eligible import Eligible, eligible_at
from tiering.selectors.policies import policy_in_force


class EligibleTable:
    """Of one day, and of one legal entity."""

    def __init__(self):
        self.day = today()
        self._policy: Policy | None = None
        self._found: dict[tuple[int, Tier], dict[str, Eligible]] = {}

    def at(self, branch: Branch, tier: Tier) -> dict[str, Eligible]:
        """By username."""
        key = (branch.pk, Tier(tier))
        if key not in self._found:
            positions = eligible_positions(Tier(tier), self.policy(branch.legal_entity_id))
            self._found[key] = eligible_at(branch, positions, self.day)
        return self._found[key]

    def policy(self, legal_entity_id: int) -> Policy:
        if self._policy is None:
            self._policy = policy_in_force(legal_entity_id, self.day)
        return self._policy
