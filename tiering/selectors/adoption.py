"""领养: customers of a branch whom nobody looks after, and who could."""

from dataclasses import dataclass
from datetime import date

from tellerdesk.core.ages import age_on
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.models import Branch, Staff
from tiering.enums import BANDED, Tier
from tiering.messages import age_reason, reason_text
from tiering.models import TierAssignment
from tiering.rules.policy import Policy
from tiering.selectors.eligible import LIVE, Eligible, loads
from tiering.selectors.eligible_table import EligibleTable
from tiering.selectors.scope import listed_branches

ADOPT = "tiering.adopt_customer"
PAGE = 100


@dataclass(frozen=True)
class Unowned:
    """One customer of the page. `why` is said of whom the policy gives no owner (decision D4)."""

    standing: TierAssignment
    why: str = ""

    @property
    def customer_number(self) -> str:
        return self.standing.customer.customer_number

    @property
    def full_name(self) -> str:
        return self.standing.customer.name

    @property
    def name(self) -> str:
        return mask_name(self.full_name)

    @property
    def tier(self) -> Tier:
        return Tier(self.standing.tier)


def branch_to_adopt(staff: Staff, code: str = "") -> Branch | None:
    """One's own where none is named; None for a branch where one may not adopt."""
    if not code.isascii() or "\x00" in code:
        return None
    branches = listed_branches(staff, ADOPT)
    if code:
        return branches.filter(code=code).first()
    mine = [each.branch_id for each in staff.postings_granting(ADOPT)]
    return branches.filter(pk__in=mine).order_by("path").first()


def may_adopt_at(staff: Staff, branch: Branch) -> bool:
    return listed_branches(staff, ADOPT).filter(pk=branch.pk).exists()


def unowned_in(branch: Branch, tiers=BANDED):
    """The richest first; not who closed or was merged since the night, whom nobody is to look after."""
    rows = TierAssignment.objects.filter(branch=branch, owner=None, tier__in=[int(tier) for tier in tiers])
    return rows.filter(customer__status__in=LIVE).select_related("customer").order_by("-aum", "customer")


def pool_of(branch: Branch):
    return unowned_in(branch, (Tier.UNBANDED,))


def pool_lines(rows, policy: Policy, day: date) -> list[Unowned]:
    return [Unowned(each, _why(each, policy, day)) for each in rows]


def _why(standing: TierAssignment, policy: Policy, day: date) -> str:
    """Too old for the band of the money, or in scope by something else than money."""
    born = standing.customer.birth_date
    age = age_on(born, day) if born else None
    kept_out = next((b for b in policy.bands if b.holds(standing.aum) and not b.admits_age(age)), None)
    return age_reason(kept_out, age) if kept_out else reason_text(standing.reasons, standing)


def could_own(branch: Branch, tiers=BANDED) -> list[Eligible]:
    """Whoever may own in one of these tiers, each in the first position that fits."""
    table = EligibleTable()
    found: dict[str, Eligible] = {}
    for tier in tiers:
        for username, each in table.at(branch, tier).items():
            found.setdefault(username, each)
    counts = loads([each.staff.pk for each in found.values()])
    lines = [Eligible(each.staff, each.position, counts.get(each.staff.pk, 0)) for each in found.values()]
    return sorted(lines, key=lambda each: (each.load, each.staff.username))
