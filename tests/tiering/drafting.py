"""A policy drafted, submitted and approved the short way, and one as a program sends it."""

from copy import deepcopy
from dataclasses import replace
from datetime import date

from tellerdesk.core.business_date import today
from tests.factories import make_branch, make_entity, make_staff
from tiering.models import TierPolicy
from tiering.rules.policy_draft import Draft
from tiering.selectors.policies import draft_of, policy_row
from tiering.services import approve_policy, draft_policy, submit_policy

WAN = 10_000 * 100  # fen


def head_office(username: str | None = None, **fields):
    return make_staff(username, position="head_office", branch=make_branch("000"), **fields)


def deputy(username: str | None = None):
    return make_staff(username, position="deputy_president", branch=make_branch("000"))


def draft_in_force() -> Draft:
    return draft_of(policy_row(make_entity().pk, today()))


def lead_up_to(wan: int, *, effective_from: date, base: Draft | None = None) -> Draft:
    """理财 begins there, and 潜力 10–20 ends there."""
    base = base or draft_in_force()
    private, wealth, lead, staff = base.bands
    bands = (private, replace(wealth, floor=wan * WAN), replace(lead, ceiling=wan * WAN), staff)
    return replace(base, bands=bands, effective_from=effective_from)


def submitted(given: Draft, *, by) -> TierPolicy:
    return submit_policy(policy=draft_policy(given=given, by=by), by=by)


def approved(given: Draft, *, by, approver) -> TierPolicy:
    return approve_policy(policy=submitted(given, by=by), by=approver)


BODY = {
    "effective_from": "2026-12-01",
    "note": "理财下限提高",
    "bands": [
        {
            "tier": "private_wealth",
            "floor": "2000000.00",
            "floor_inclusive": True,
            "ceiling": None,
            "ceiling_inclusive": False,
            "max_age": None,
            "max_age_inclusive": True,
            "positions": ["wealth_manager", "deputy_president", "branch_president"],
            "positions_needed": 3,
        },
        {
            "tier": "wealth_management",
            "floor": "300000.00",
            "floor_inclusive": True,
            "ceiling": "2000000.00",
            "ceiling_inclusive": False,
            "max_age": None,
            "max_age_inclusive": True,
            "positions": ["financial_advisor"],
            "positions_needed": 1,
        },
        {
            "tier": "branch_lead",
            "floor": "100000.00",
            "floor_inclusive": True,
            "ceiling": "300000.00",
            "ceiling_inclusive": False,
            "max_age": None,
            "max_age_inclusive": True,
            "positions": ["branch_manager", "lobby_manager"],
            "positions_needed": 1,
        },
        {
            "tier": "branch_staff",
            "floor": "50000.00",
            "floor_inclusive": True,
            "ceiling": "100000.00",
            "ceiling_inclusive": False,
            "max_age": 65,
            "max_age_inclusive": True,
            "positions": ["teller"],
            "positions_needed": 1,
        },
    ],
    "scope": {
        "card_spend_year": "50000.00",
        "personal_loan_balance": "300000.00",
        "custody_margin": "10000.00",
        "card_level": "gold",
    },
    "downgrade_grace_days": 30,
    "product_categories": ["deposit", "fund", {"code": "trust", "name": "信托"}],
}


def body(**changes) -> dict:
    """A policy that is good; bands by place in `bands`: `{1: {"floor": "1.00"}}`."""
    made = deepcopy(BODY)
    for place, values in changes.pop("bands_at", {}).items():
        made["bands"][place] |= values
    return made | changes
