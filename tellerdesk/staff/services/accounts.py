"""A person's login: made, closed, opened again, its password. Every act but a setting ends all logins and tokens."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tellerdesk.audit.services import changed_fields, record
from tellerdesk.core.business_date import today
from tellerdesk.staff.errors import (
    AnotherEntity,
    OutOfReach,
    OwnAccount,
    PasswordWrong,
    StaffActive,
    StaffInactive,
    UsernameTaken,
)
from tellerdesk.staff.models import ApiToken, Branch, Staff
from tellerdesk.staff.passwords import typeable_password
from tellerdesk.staff.services.postings import post_staff

SETTINGS = ("language", "theme", "enter_moves", "idle_minutes")
MANAGE, DEACTIVATE = "staff.manage_staff", "staff.deactivate_staff"


@dataclass(frozen=True)
class NewLogin:
    """`password` in clear: shown once to whoever hands it over, and kept nowhere."""

    staff: Staff
    password: str


@transaction.atomic
def create_staff(
    *,
    username: str,
    name: str,
    branch: Branch,
    position: str,
    since: date,
    password: str | None = None,
    encoded: str = "",
    by,
) -> NewLogin:
    """A login with its first posting. A generated password must be changed at the first login; `encoded` is the hash
    of a given one, for whoever opens many logins with the same, as hashing is slow on purpose.

    Raises UsernameTaken, AnotherEntity, PostingBackdated.
    """
    if branch.legal_entity_id != by.legal_entity.pk:
        raise AnotherEntity
    staff = Staff(username=username, name=name, legal_entity=by.legal_entity, must_change_password=password is None)
    password = password or typeable_password()
    staff.password = encoded or make_password(password)
    try:
        with transaction.atomic():
            staff.save()
    except IntegrityError as error:
        raise UsernameTaken(username=username) from error
    record("staff.created", subject=staff, by=by, detail={"username": username, "name": name})
    post_staff(staff=staff, position=position, branch=branch, since=since, by=by)
    return NewLogin(staff, password)


def may_deactivate(staff: Staff, by) -> bool:
    """Head office anybody of its entity but himself; a manager those who stand at his branch and nowhere else."""
    if staff.pk == by.pk or staff.legal_entity_id != by.legal_entity_id:
        return False
    if by.postings_granting(MANAGE):
        return True
    own = {posting.branch_id for posting in by.postings_granting(DEACTIVATE)}
    stands_at = set(staff.posting_set.not_over_on(today()).values_list("branch_id", flat=True))
    return bool(stands_at) and stands_at <= own


@transaction.atomic
def deactivate_staff(*, staff: Staff, reason: str, by) -> Staff:
    """Raises OwnAccount, OutOfReach, StaffInactive. Postings stay, for the day the person comes back."""
    if staff.pk == by.pk:
        raise OwnAccount
    held = locked(staff)
    if not may_deactivate(held, by):
        raise OutOfReach(username=held.username)
    if not held.is_active:
        raise StaffInactive(username=held.username)
    held.is_active, held.deactivated_at = False, timezone.now()
    _end_logins(held, "is_active", "deactivated_at")
    _record(held, "staff.deactivated", by, {"reason": reason}, {"is_active": [True, False]})
    return held


@transaction.atomic
def reactivate_staff(*, staff: Staff, reason: str, by) -> Staff:
    """Raises OwnAccount, StaffActive, AnotherEntity."""
    held = _of_the_same_entity(staff, by)
    if held.is_active:
        raise StaffActive(username=held.username)
    held.is_active, held.deactivated_at = True, None
    held.save(update_fields=["is_active", "deactivated_at"])
    _record(held, "staff.reactivated", by, {"reason": reason}, {"is_active": [False, True]})
    return held


@transaction.atomic
def reset_password(*, staff: Staff, by) -> NewLogin:
    """A generated password that must be changed at once. Raises OwnAccount, StaffInactive, AnotherEntity."""
    held = _of_the_same_entity(staff, by)
    if not held.is_active:
        raise StaffInactive(username=held.username)
    password = typeable_password()
    held.set_password(password)
    held.must_change_password, held.password_changed_at = True, None
    _end_logins(held, "password", "must_change_password", "password_changed_at")
    _record(held, "staff.password_reset", by)
    return NewLogin(held, password)


@transaction.atomic
def change_password(*, present: str, new: str, by: Staff) -> Staff:
    """One's own. Raises PasswordWrong; whether `new` is good enough the form has asked Django's validators."""
    held = locked(by)
    if not held.check_password(present):
        raise PasswordWrong
    held.set_password(new)
    held.must_change_password, held.password_changed_at = False, timezone.now()
    _end_logins(held, "password", "must_change_password", "password_changed_at")
    _record(held, "staff.password_changed", held)
    return held


@transaction.atomic
def change_settings(*, by: Staff, **settings) -> Staff:
    """Language, theme, enter_moves, idle_minutes: one's own, recorded where something changes."""
    held = locked(by)
    changes = changed_fields({name: getattr(held, name) for name in SETTINGS}, settings)
    if changes:
        for name in changes:
            setattr(held, name, settings[name])
        held.save(update_fields=list(changes))
        record("staff.settings_changed", subject=held, by=by, changes=changes)
    return held


def locked(staff: Staff) -> Staff:
    """The row as it is now, for us alone until the transaction ends."""
    return Staff.objects.select_for_update(of=("self",)).select_related("legal_entity").get(pk=staff.pk)


def _of_the_same_entity(staff, by) -> Staff:
    if staff.pk == by.pk:
        raise OwnAccount
    if staff.legal_entity_id != by.legal_entity_id:
        raise AnotherEntity
    return locked(staff)


def _end_logins(staff, *fields) -> None:
    staff.logins_ended = F("logins_ended") + 1
    staff.save(update_fields=["logins_ended", *fields])
    staff.refresh_from_db(fields=["logins_ended"])
    ApiToken.objects.filter(staff=staff, revoked_at=None).update(revoked_at=timezone.now())


def _record(staff, action, by, detail=None, changes=None) -> None:
    who = {"username": staff.username, "name": staff.name}
    record(action, subject=staff, by=by, detail=who | (detail or {}), changes=changes)
