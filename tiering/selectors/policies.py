"""Policies as rules read them."""

from datetime import date

from tiering.enums import CardLevel, Tier
from tiering.models import TierPolicy
from tiering.rules.policy import Band, Policy, Scope


def policy_row(legal_entity_id: int, day: date) -> TierPolicy:
    """The version in force on that day; before the first one, the first (a customer always has a policy)."""
    versions = TierPolicy.objects.of_entity(legal_entity_id)
    in_force = versions.in_force_on(day).first()
    return in_force or versions.in_force_on(date.max).last()


def policy_in_force(legal_entity_id: int, day: date) -> Policy:
    """Three queries."""
    return as_rules(policy_row(legal_entity_id, day))


def as_rules(row: TierPolicy) -> Policy:
    scope = Scope(row.card_spend_year, row.personal_loan_balance, row.custody_margin, CardLevel(row.card_level))
    bands = tuple(_band(each) for each in row.bands.order_by("-tier"))
    categories = {each.code: each.bit for each in row.categories.order_by("bit")}
    return Policy(row.version, row.effective_from, bands, scope, categories)


def _band(row) -> Band:
    ends = (row.floor, row.floor_inclusive, row.ceiling, row.ceiling_inclusive)
    age = (row.max_age, row.max_age_inclusive)
    return Band(Tier(row.tier), *ends, *age, tuple(row.positions), row.positions_needed)
