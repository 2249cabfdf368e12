"""A policy is drafted by one person of head office and put in force by another: here it is written and submitted."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from customers.validators import require_lines
from tellerdesk.audit.services import changed_fields, record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided, FieldErrors
from tellerdesk.staff.models import LegalEntity, Staff
from tiering.enums import FINAL_POLICIES, PolicyStatus, PolicyStepKind
from tiering.errors import PolicyChanged, PolicySubmitted, PolicyUnchanged
from tiering.models import PolicyStep, ProductCategory, SnapshotDay, TierBand, TierPolicy
from tiering.rules.policy_content import contents, differences
from tiering.rules.policy_draft import MOST_CATEGORIES, Draft, NoBitLeft, category_bits
from tiering.selectors.policies import draft_of, policy_row
from tiering.validators import policy_errors


@transaction.atomic
def draft_policy(*, given: Draft, by: Staff) -> TierPolicy:
    """The next version of the legal entity, on the ground of the one in force. Raises FieldErrors."""
    refuse(policy_errors(given))
    hold_versions(by.legal_entity_id)
    own = TierPolicy.objects.of_entity(by.legal_entity_id)
    policy = TierPolicy(
        legal_entity_id=by.legal_entity_id,
        version=own.aggregate(last=Max("version"))["last"] + 1,
        based_on=policy_row(by.legal_entity_id, today()),
        drafted_by=by,
    )
    write_content(policy, given)
    said = {"effective_from": given.effective_from}
    step(policy, PolicyStepKind.DRAFTED, by=by, detail=said, before=draft_of(policy.based_on), after=given)
    return policy


@transaction.atomic
def revise_draft(*, policy: TierPolicy, given: Draft, revision: int, by: Staff) -> TierPolicy:
    """`revision` is the one that was read. Raises FieldErrors, PolicySubmitted, AlreadyDecided, PolicyChanged."""
    refuse(policy_errors(given))
    hold_versions(by.legal_entity_id)
    policy = locked_draft(policy, revision)
    before = draft_of(policy)
    if before == given:
        return policy
    policy.revision += 1
    write_content(policy, given)
    step(policy, PolicyStepKind.REVISED, by=by, before=before, after=given)
    return policy


@transaction.atomic
def submit_policy(*, policy: TierPolicy, revision: int | None = None, by: Staff) -> TierPolicy:
    """`revision` is the one that was read, where it was.

    Raises FieldErrors, PolicySubmitted, AlreadyDecided, PolicyChanged, PolicyUnchanged.
    """
    policy = locked_draft(policy, revision)
    given = draft_of(policy)
    refuse(policy_errors(given) | beginning_problems(policy))
    refuse_unchanged(policy, given)
    policy.status = PolicyStatus.SUBMITTED
    policy.save(update_fields=["status"])
    step(policy, PolicyStepKind.SUBMITTED, by=by, detail={"effective_from": policy.effective_from})
    return policy


@transaction.atomic
def discard_draft(*, policy: TierPolicy, reason: str, revision: int | None = None, by: Staff) -> TierPolicy:
    """Never to come in force, and kept with its number, its steps and the reason. `revision` is the one that was read.

    Raises FieldErrors, PolicySubmitted, AlreadyDecided, PolicyChanged.
    """
    require_lines(reason=reason)
    policy = locked_draft(policy, revision)
    policy.status = PolicyStatus.DISCARDED
    policy.save(update_fields=["status"])
    step(policy, PolicyStepKind.DISCARDED, by=by, reason=reason)
    return policy


def refuse(errors: dict) -> None:
    if errors:
        raise FieldErrors(errors)


def hold_versions(legal_entity_id: int) -> None:
    """Numbers of versions and bits of categories are given one after the other."""
    LegalEntity.objects.select_for_update(of=["self"], no_key=True).get(pk=legal_entity_id)


def locked_policy(policy: TierPolicy, revision: int | None) -> TierPolicy:
    held = TierPolicy.objects.select_for_update(of=["self"], no_key=True).get(pk=policy.pk)
    if held.status in FINAL_POLICIES:
        raise AlreadyDecided(status=held.status)
    if revision is not None and held.revision != revision:
        raise PolicyChanged(revision=held.revision)
    return held


def locked_draft(policy: TierPolicy, revision: int | None) -> TierPolicy:
    held = locked_policy(policy, revision)
    if held.status == PolicyStatus.SUBMITTED:
        raise PolicySubmitted(version=held.version)
    return held


def beginning_problems(policy: TierPolicy) -> dict:
    """No day that is over, and none that has been loaded, gets another policy than it had."""
    day = policy.effective_from
    if day < today():
        return {"effective_from": [("in_the_past", _("Not before today, %(day)s.") % {"day": today()})]}
    loaded = SnapshotDay.objects.filter(legal_entity_id=policy.legal_entity_id).aggregate(last=Max("as_of"))["last"]
    if loaded and day <= loaded:
        text = _("The day %(day)s has been loaded already; please choose a later one.") % {"day": loaded}
        return {"effective_from": [("in_the_past", text)]}
    return {}


def refuse_unchanged(policy: TierPolicy, given: Draft) -> TierPolicy:
    """The version that counts on its first day as far as is known; it has to say something else, for two persons are
    asked about it and every customer would stand under another version.
    """
    former = policy_row(policy.legal_entity_id, policy.effective_from)
    if not differences(draft_of(former), given):
        raise PolicyUnchanged(day=policy.effective_from, version=former.version)
    return former


def write_content(policy: TierPolicy, given: Draft) -> None:
    """Bands are changed in place, categories of a draft written anew."""
    scope = given.scope
    policy.effective_from, policy.note = given.effective_from, given.note
    policy.downgrade_grace_days, policy.card_level = given.grace_days, scope.card_level
    policy.card_spend_year, policy.personal_loan_balance = scope.card_spend_year, scope.personal_loan_balance
    policy.custody_margin = scope.custody_margin
    bits = bits_of(policy.legal_entity_id, given)
    policy.save()
    for band in given.bands:
        values = vars(band) | {"positions": list(band.positions)}
        TierBand.objects.update_or_create(policy=policy, tier=values.pop("tier"), defaults=values)
    policy.categories.all().delete()
    rows = [ProductCategory(policy=policy, bit=bits[each.code], **vars(each)) for each in given.categories]
    ProductCategory.objects.bulk_create(rows)


def bits_of(legal_entity_id: int, given: Draft) -> dict[str, int]:
    """Of every version there is, drafts included."""
    known = dict(ProductCategory.objects.of_entity(legal_entity_id).values_list("code", "bit"))
    try:
        return category_bits(tuple(each.code for each in given.categories), known)
    except NoBitLeft as error:
        text = _("“%(code)s” finds no room: over all versions there are at most %(most)s categories.")
        values = {"code": error.code, "most": MOST_CATEGORIES}
        raise FieldErrors({"product_categories": [("no_bit_left", text % values)]}) from error


def step(
    policy: TierPolicy,
    kind: PolicyStepKind,
    *,
    by: Staff,
    reason: str = "",
    detail: dict | None = None,
    before: Draft | None = None,
    after: Draft | None = None,
) -> None:
    """Kept for good and told to the audit, with what the policy said before and says now."""
    row = PolicyStep.objects.create(policy=policy, kind=kind, revision=policy.revision, by=by, reason=reason)
    changes = changed_fields(said(before), said(after)) if before and after else {}
    values = {"revision": policy.revision, "reason": reason, **(detail or {})}
    touched = [row, *policy.bands.all(), *policy.categories.all()] if changes else [row]
    record(f"tiering.policy_{kind}", subject=policy, by=by, detail=values, changes=changes, touched=touched)


def said(draft: Draft) -> dict[str, str]:
    """The same in every language; the day of effect and the note beside the contents."""
    values = {"effective_from": draft.effective_from, "note": draft.note, **contents(draft)}
    return {name: "" if value is None else str(value) for name, value in values.items()}
