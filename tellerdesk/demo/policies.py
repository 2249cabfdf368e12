"""A sample draft of the next policy, submitted by head office: it waits for the deputy president."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tiering.enums import Tier
from tiering.messages import TEN_THOUSAND
from tiering.rules.policy import Band
from tiering.rules.policy_draft import Draft
from tiering.selectors.policies import draft_of, policy_row
from tiering.services import draft_policy, submit_policy

DRAFTER = "headoffice"
NOTE = "理财下限提至30万，潜力客户放宽至65岁"
SHARED = 30 * TEN_THOUSAND
CHANGES = {
    Tier.WEALTH_MANAGEMENT: {"floor": SHARED},
    Tier.BRANCH_LEAD: {"ceiling": SHARED},
    Tier.BRANCH_STAFF: {"max_age": 65},
}


def load_policy_draft(*, progress: Callable[[str], None] = print) -> None:
    """After the nights: a policy begins on a day that has not been loaded. Nothing where there are no accounts."""
    drafter = Staff.objects.filter(username=DRAFTER).first()
    if drafter is None:
        return
    given = changed(draft_of(policy_row(drafter.legal_entity_id, today())), first_of_next_quarter(today()))
    policy = submit_policy(policy=draft_policy(given=given, by=drafter), by=drafter)
    progress(f"sample policy: v{policy.version} waits for approval")


def changed(draft: Draft, effective_from: date) -> Draft:
    bands: tuple[Band, ...] = tuple(replace(band, **CHANGES.get(band.tier, {})) for band in draft.bands)
    return replace(draft, bands=bands, effective_from=effective_from, note=NOTE)


def first_of_next_quarter(day: date) -> date:
    start = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return (start + timedelta(days=100)).replace(day=1)
