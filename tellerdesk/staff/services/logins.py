"""What a login leaves behind in the audit."""

from tellerdesk.audit.services import record
from tellerdesk.staff.models import Staff


def record_login(*, by: Staff) -> None:
    record("staff.logged_in", subject=by, by=by)


def record_logout(*, by: Staff) -> None:
    record("staff.logged_out", subject=by, by=by)


def record_failed_login(username: str, *, is_counted: bool) -> None:
    """In the chain of the person whose name was typed. What is nobody's name may be a password: it is not kept.

    `is_counted`: a try at a login that is locked already counts for nothing and is not recorded again.
    """
    staff = Staff.objects.select_related("legal_entity").filter(username=username).first()
    if staff and is_counted:
        record("staff.login_failed", subject=staff, by=staff, detail={"username": staff.username})
