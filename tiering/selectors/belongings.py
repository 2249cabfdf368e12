"""What somebody who leaves holds beside customers, each with what becomes of it: nothing is orphaned."""

from dataclasses import dataclass

from customers.models import Amendment, IdentityCheck
from tellerdesk.core.masking import mask_name
from tellerdesk.limits.models import LimitChange
from tellerdesk.staff.models import Staff
from tiering.enums import PolicyStatus, Tier
from tiering.models import HandOver, OwnerAssignment, OwnerBatch, Referral, RosterEntry, TierPolicy, UpgradeCase

MOST_SHOWN = 20


@dataclass(frozen=True)
class Some:
    """The first few of a kind, and how many there are."""

    rows: list
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)

    def __bool__(self):
        return self.count > 0


@dataclass(frozen=True)
class CaseLine:
    """An open upgrade choice of one of the leaver's customers; it goes with the customer."""

    customer_number: str
    name: str
    from_tier: Tier
    to_tier: Tier
    opened_on: object


@dataclass(frozen=True)
class Belongings:
    """`requests` and all that follows stay where they are: they carry the maker's name and somebody decides on them."""

    upgrade_cases: Some
    roster_entries: Some
    referrals_to: Some
    referrals_by: Some
    requests: Some
    owed_checks: int
    hand_overs: Some
    batches: Some
    limit_changes: Some
    policies: Some

    def __bool__(self):
        return any(getattr(self, name) for name in self.__dataclass_fields__)


def belongings_of(leaver: Staff) -> Belongings:
    """Two queries for each kind that there is anything of."""
    return Belongings(
        upgrade_cases=_cases(leaver),
        roster_entries=_some(open_roster_entries(leaver).select_related("branch").order_by("branch__path", "-tier")),
        referrals_to=_some(open_referrals_to(leaver).select_related("customer").order_by("pk")),
        referrals_by=_some(
            Referral.objects.current()
            .filter(referred_by=leaver)
            .select_related("customer", "specialist")
            .order_by("pk")
        ),
        requests=_some(
            Amendment.objects.made_by(leaver)
            .pending()
            .select_related("customer", "identity_check", "branch")
            .order_by("pk")
        ),
        owed_checks=IdentityCheck.objects.reachable_by(leaver).owed().filter(teller=leaver).count(),
        hand_overs=_some(
            HandOver.objects.open().filter(maker=leaver).exclude(leaver=leaver).select_related("leaver").order_by("pk")
        ),
        batches=_some(OwnerBatch.objects.waiting().filter(maker=leaver).order_by("pk")),
        limit_changes=_some(LimitChange.objects.reachable_by(leaver).pending().filter(maker=leaver).order_by("pk")),
        policies=_some(
            TierPolicy.objects.filter(
                drafted_by=leaver, status__in=(PolicyStatus.DRAFT, PolicyStatus.SUBMITTED)
            ).order_by("pk")
        ),
    )


def open_roster_entries(leaver: Staff):
    return RosterEntry.objects.current().filter(staff=leaver)


def open_referrals_to(leaver: Staff):
    return Referral.objects.current().filter(specialist=leaver)


def _cases(leaver: Staff) -> Some:
    mine = OwnerAssignment.objects.current().filter(owner=leaver, is_primary=True).values("customer")
    found = _some(
        UpgradeCase.objects.open().filter(customer__in=mine).select_related("customer").order_by("opened_on", "pk")
    )
    lines = [
        CaseLine(
            each.customer.customer_number,
            mask_name(each.customer.name),
            Tier(each.from_tier),
            Tier(each.to_tier),
            each.opened_on,
        )
        for each in found.rows
    ]
    return Some(lines, found.count)


def _some(rows) -> Some:
    found = list(rows[: MOST_SHOWN + 1])
    if len(found) <= MOST_SHOWN:
        return Some(found, len(found))
    return Some(found[:MOST_SHOWN], rows.count())
