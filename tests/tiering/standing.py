"""Standing tiers and owners the short way, for tests that are not about the night: the application may write these."""

from datetime import date

from tests.factories import make_customer
from tiering.enums import OwnerReason, Reason, Tier
from tiering.models import OwnerAssignment, TierAssignment
from tiering.rules.money import parse_fen

SINCE = date(2026, 10, 31)
AUM = {
    Tier.PRIVATE_WEALTH: "2500000.00",
    Tier.WEALTH_MANAGEMENT: "500000.00",
    Tier.BRANCH_LEAD: "120000.00",
    Tier.BRANCH_STAFF: "75000.00",
    Tier.UNBANDED: "10000.00",
    Tier.OUT_OF_SCOPE: "100.00",
}


def make_standing(customer=None, *, tier=Tier.BRANCH_STAFF, owner=None, position="teller", by=None, **figures):
    """A customer (opened by `by`, where none is given) in a tier since SINCE, owned by `owner` or by nobody."""
    customer = customer or make_customer(by=by)
    mask = Reason.AUM if tier > Tier.UNBANDED else Reason.CARD_SPEND_YEAR if tier else 0
    values = {"aum": parse_fen(AUM[tier]), "reasons": mask, "since": SINCE, "policy_version": 1, "tier": tier}
    standing = TierAssignment.objects.create(
        customer=customer,
        legal_entity=customer.legal_entity,
        branch=customer.home_branch,
        owner=owner,
        initial_maintainer=owner,
        **values | figures,
    )
    if owner:
        make_owner(standing, owner, position=position)
    return standing


def make_owner(standing, staff, *, position="teller", is_primary=True, since=SINCE) -> OwnerAssignment:
    return OwnerAssignment.objects.create(
        legal_entity_id=standing.legal_entity_id,
        customer_id=standing.customer_id,
        owner=staff,
        position=position,
        is_primary=is_primary,
        since=since,
        reason=OwnerReason.DEALT,
    )
