"""拒绝办理: what follows when a checker approved it. Forged papers and impersonation are reported to the police."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from customers.errors import ReportNotOwed
from customers.models import Amendment, IdentityCheck
from customers.rules.identity_check import report_due
from customers.selectors.work_calendar import calendar_of
from customers.validators import refuse_lines
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors

LONGEST_REPORT = 60  # characters of the number the police gave


def carry_out_refusal(amendment: Amendment, customer, *, by) -> dict:
    """The report to the police is owed from now on, where the reason asks for one."""
    check = IdentityCheck.objects.select_for_update(of=["self"]).get(pk=amendment.identity_check_id)
    check.follow_up_due_on = report_due(amendment.reason, on=today(), calendar=calendar_of(amendment.legal_entity_id))
    check.save(update_fields=["follow_up_due_on"])
    amendment.touched_too = [check]
    return {}


def reopen_check(refusal: Amendment) -> IdentityCheck:
    """A refusal that was not approved is none: the check waits for a decision again, or for the police's receipt."""
    check = IdentityCheck.objects.select_for_update(of=["self"]).get(pk=refusal.identity_check_id)
    check.decision, check.decided_at, check.decided_by, check.reason = "", None, None, ""
    check.save(update_fields=["decision", "decided_at", "decided_by", "reason"])
    return check


@transaction.atomic
def report_to_police(*, check: IdentityCheck, police_report: str, reported_on: date, by) -> IdentityCheck:
    """报案 as it was made: the number the police gave, and the day. Raises FieldErrors, ReportNotOwed."""
    refuse_lines(longest=LONGEST_REPORT, police_report=police_report)
    refuse_nothing(police_report, reported_on)
    check = IdentityCheck.objects.select_for_update(of=["self"]).get(pk=check.pk)
    if not check.owes_police_report:
        raise ReportNotOwed
    if reported_on < check.business_date:
        raise FieldErrors({"reported_on": [("before_check", _("This day lies before the check."))]})
    check.police_report, check.police_reported_on, check.follow_up_due_on = police_report, reported_on, None
    check.save(update_fields=["police_report", "police_reported_on", "follow_up_due_on"])
    detail = {"police_report": police_report, "reported_on": reported_on}
    record("customers.police_reported", subject=check, by=by, detail=detail)
    return check


def refuse_nothing(police_report: str, reported_on: date) -> None:
    if not police_report:
        raise FieldErrors({"police_report": [("required", _("Please fill this in."))]})
    if reported_on > today():
        raise FieldErrors({"reported_on": [("future", _("This day has not come yet."))]})
