"""A submitted policy is put in force, or sent back, by somebody who has no hand in it."""

from django.db import transaction
from django.utils import timezone

from customers.validators import require_lines
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import SamePerson
from tellerdesk.staff.models import Staff
from tiering.enums import PolicyStatus, PolicyStepKind
from tiering.errors import PolicyNotSubmitted
from tiering.models import TierPolicy
from tiering.selectors.policies import HANDS, draft_of
from tiering.services.drafting import beginning_problems, locked_policy, refuse, refuse_unchanged, step
from tiering.services.meetings import hold_off_night


@transaction.atomic
def approve_policy(*, policy: TierPolicy, revision: int | None = None, by: Staff) -> TierPolicy:
    """In force from its day on; from now on nothing of it changes. `revision` is the one that was read, where it was.

    Raises SamePerson for whoever drafted any revision or submitted it, whatever posting he holds; AlreadyDecided,
    PolicyNotSubmitted, PolicyChanged; FieldErrors where its day has come meanwhile, PolicyUnchanged where another
    version has come to say the same; NightRunning where it begins today while a file is loaded, which may be today's.
    """
    refuse_hands(policy, by)
    policy = locked_submitted(policy, revision)
    refuse_hands(policy, by)
    if policy.effective_from <= today():
        hold_off_night(policy.legal_entity_id)
    refuse(beginning_problems(policy))
    given = draft_of(policy)
    before = draft_of(refuse_unchanged(policy, given))
    policy.status, policy.approved_by, policy.approved_at = PolicyStatus.APPROVED, by, timezone.now()
    policy.save(update_fields=["status", "approved_by", "approved_at"])
    detail = {"effective_from": policy.effective_from, "maker": policy.drafted_by.name}
    step(policy, PolicyStepKind.APPROVED, by=by, detail=detail, before=before, after=given)
    return policy


@transaction.atomic
def return_policy(*, policy: TierPolicy, reason: str, revision: int | None = None, by: Staff) -> TierPolicy:
    """Back to a draft, with the reason; whoever submitted it may take it back as well.

    Raises FieldErrors, AlreadyDecided, PolicyNotSubmitted, PolicyChanged.
    """
    require_lines(reason=reason)
    policy = locked_submitted(policy, revision)
    policy.status = PolicyStatus.DRAFT
    policy.save(update_fields=["status"])
    step(policy, PolicyStepKind.RETURNED, by=by, reason=reason)
    return policy


def locked_submitted(policy: TierPolicy, revision: int | None) -> TierPolicy:
    held = locked_policy(policy, revision)
    if held.status == PolicyStatus.DRAFT:
        raise PolicyNotSubmitted(version=held.version)
    return held


def refuse_hands(policy: TierPolicy, by: Staff) -> None:
    """Asked before anything else, so that nobody learns more by trying; and again once nobody can change it."""
    if policy.steps.filter(by=by, kind__in=HANDS).exists():
        raise SamePerson
