"""Who stands where: postings begin and end, and are never rewritten."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.staff.errors import (
    AlreadyPosted,
    AnotherEntity,
    OwnAccount,
    PostingBackdated,
    PostingOver,
    StaffInactive,
)
from tellerdesk.staff.models import Branch, Posting, Staff
from tellerdesk.staff.system import System

DAY = timedelta(days=1)


@transaction.atomic
def post_staff(*, staff: Staff, position: str, branch: Branch, since: date, until: date | None = None, by) -> Posting:
    """A further posting beside those held, from `since` to `until`, both included.

    `since` is today or later; only the system dates back, when it takes over who stood where before us.
    Raises OwnAccount, AnotherEntity, StaffInactive, PostingBackdated, AlreadyPosted.
    """
    held = _locked_to_post(staff, branch, by)
    if (since < today() and not isinstance(by, System)) or (until and until < since):
        raise PostingBackdated
    return _post(held, position, branch, since, until, by)


@transaction.atomic
def end_posting(*, posting: Posting, last_day: date, by) -> Posting:
    """`last_day` is yesterday (it is over now), today or later.

    Raises OwnAccount, AnotherEntity, PostingOver, PostingBackdated.
    """
    _locked_to_post(posting.staff, posting.branch, by, may_be_inactive=True)
    held = _locked(posting)
    return _end(held, last_day, by)


@transaction.atomic
def move_staff(*, posting: Posting, position: str, branch: Branch, since: date, by) -> Posting:
    """Ends `posting` on the eve of `since` and begins the new one, in one act. Raises what its two halves raise."""
    staff = _locked_to_post(posting.staff, branch, by)
    if since < today():
        raise PostingBackdated
    _end(_locked(posting), since - DAY, by)
    return _post(staff, position, branch, since, None, by)


def _locked_to_post(staff, branch, by, *, may_be_inactive=False) -> Staff:
    """The person's row is locked, so that two acts about one person come one after the other."""
    if staff.pk == getattr(by, "pk", None):
        raise OwnAccount
    held = Staff.objects.select_for_update(of=("self",)).select_related("legal_entity").get(pk=staff.pk)
    if {held.legal_entity_id, branch.legal_entity_id} != {by.legal_entity.pk}:
        raise AnotherEntity
    if not held.is_active and not may_be_inactive:
        raise StaffInactive(username=held.username)
    return held


def _locked(posting) -> Posting:
    return Posting.objects.select_for_update(of=("self",)).select_related("staff", "branch").get(pk=posting.pk)


def _post(staff, position, branch, since, until, by) -> Posting:
    same = Posting.objects.filter(staff=staff, position=position, branch=branch).exclude(until__lt=F("since"))
    if same.not_over_on(since).filter(Q(since__lte=until) if until else Q()).exists():
        raise AlreadyPosted
    try:
        with transaction.atomic():
            posting = Posting.objects.create(staff=staff, position=position, branch=branch, since=since, until=until)
    except IntegrityError as error:
        raise AlreadyPosted from error
    _record("staff.posted", posting, by)
    return posting


def _end(posting, last_day, by) -> Posting:
    if posting.until is not None and posting.until < today():
        raise PostingOver
    if last_day < today() - DAY or (posting.until and last_day > posting.until):
        raise PostingBackdated
    posting.until = max(last_day, posting.since - DAY)
    posting.save(update_fields=["until"])
    _record("staff.posting_ended", posting, by)
    return posting


def _record(action, posting, by) -> None:
    detail = {
        "username": posting.staff.username,
        "name": posting.staff.name,
        "position": posting.position,
        "branch": str(posting.branch),
        "since": posting.since,
        "until": posting.until,
    }
    record(action, subject=posting.staff, by=by, detail=detail, touched=[posting])
