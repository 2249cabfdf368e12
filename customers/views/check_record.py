"""The record of one check, and what may still be done about it: certificate, police receipt, report to the police."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from customers.check_messages import FOR_THE_POLICE
from customers.enums import Business, CheckDecision
from customers.forms.owed_checks import ReceiptForm, ReportForm
from customers.models import Certificate, IdentityCheck
from customers.rules.corroboration import Evidence
from customers.rules.identity_check import has_certificate
from customers.selectors.checks import LIST_CHECKS, check_seen_by
from customers.services import decide_check, held_draft, issue_certificate, keep_draft, report_to_police
from customers.services.opening import OPEN_CUSTOMER
from tellerdesk.core.access import requires
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import DomainError, FieldErrors

FRESH = "fresh_certificate"


def found_check(request, pk: int) -> IdentityCheck:
    check = check_seen_by(request.user, pk)
    if check is None:
        raise Http404
    return check


@requires(LIST_CHECKS)
@require_GET
def check_detail(request, pk):
    return shown(request, found_check(request, pk))


def shown(request, check: IdentityCheck, *, receipt_form=None, report_form=None):
    form = receipt_form or report_form
    context = {
        "check": check,
        "papers": check.auxiliary_papers.order_by("pk"),
        "certificates": list(check.certificates.select_related("staff", "branch").order_by("-pk")),
        "has_certificate": has_certificate(check.finding),
        "agents": list(check.agents.select_related("customer").order_by("pk")),
        "receipt_form": receipt_form or ReceiptForm(),
        "report_form": report_form or ReportForm(initial={"reported_on": today()}),
        "form": form,
        "as_of": today(),
    }
    return render(request, "customers/check.html", context)


@requires("customers.check_identity")
@require_POST
def print_certificate(request, pk):
    """Each print is a certificate of its own; the page that follows shows it in clear, once."""
    certificate = issue_certificate(check=found_check(request, pk), by=request.user)
    request.session[FRESH] = certificate.pk
    return redirect("customers:certificate", pk=certificate.pk)


@requires(LIST_CHECKS)
@require_GET
def certificate(request, pk):
    rows = Certificate.objects.filter(legal_entity_id=request.user.legal_entity_id).select_related("branch", "staff")
    found = get_object_or_404(rows.select_related("legal_entity"), pk=pk)
    check = found_check(request, found.check_record_id)
    is_fresh = request.session.pop(FRESH, None) == pk
    context = {
        "certificate": found,
        "check": check,
        "number": check.number if is_fresh else check.number_masked,
        "is_fresh": is_fresh,
        "asked": FOR_THE_POLICE.get(check.finding, ""),
        "others": list(check.certificates.select_related("staff", "branch").order_by("-pk")),
        "printed_at": timezone.now(),
    }
    return render(request, "customers/certificate.html", context)


@requires("customers.check_identity")
@require_POST
def take_receipt(request, pk):
    """The customer came back with the stamped receipt: the business goes on and must not be refused (rules 3.2 c)."""
    check = found_check(request, pk)
    form = ReceiptForm(request.POST)
    form.is_valid()
    receipt = form.cleaned_data["police_receipt"].strip()
    if not receipt:
        form.add_refusal({"police_receipt": [("required", _("Please fill this in."))]})
        return shown(request, check, receipt_form=form)
    if check.business == Business.OPENING and check.awaits_receipt:
        return opening_goes_on(request, check, receipt)
    try:
        evidence = Evidence(check.photo_matches, (), check.reader_genuine, receipt)
        decide_check(check=check, decision=CheckDecision.PROCEED, evidence=evidence, by=request.user)
    except FieldErrors as error:
        form.add_refusal(error.errors)
        return shown(request, check, receipt_form=form)
    except DomainError as error:
        form.add_refusal({"police_receipt": [(error.code, error.as_dict()["message"])]})
        return shown(request, check, receipt_form=form)
    messages.success(request, _("The receipt is recorded: the business goes on today, on this check."))
    return redirect("customers:check", pk=check.pk)


def opening_goes_on(request, check: IdentityCheck, receipt: str):
    """In 1001, with what was entered then where the draft is still there. A draft about somebody else is left alone."""
    held = held_draft(transaction_code=OPEN_CUSTOMER, by=request.user)
    fields = held[1] if held else {}
    about = (fields.get("document_type"), fields.get("document_number"))
    person = {"document_type": [check.document_type], "document_number": [check.number], "name": [check.name]}
    if fields and about != (person["document_type"], person["document_number"]):
        messages.warning(request, _("Another opening is begun in 1001: finish it or begin it anew first."))
        return redirect("customers:check", pk=check.pk)
    own = {"identity_check": [str(check.pk)]} if check.teller_id == request.user.pk else {}
    said = {"police_receipt": [receipt], "decision": [str(CheckDecision.PROCEED)]}
    keep_draft(transaction_code=OPEN_CUSTOMER, fields=fields | person | own | said, by=request.user)
    messages.success(request, _("The receipt is entered in step 2: complete the opening and confirm."))
    return redirect("customers:open_customer")


@requires("customers.check_identity")
@require_POST
def report_check(request, pk):
    check = found_check(request, pk)
    form = ReportForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        reported_on = typed["reported_on"] or today()
        try:
            report_to_police(
                check=check, police_report=typed["police_report"].strip(), reported_on=reported_on, by=request.user
            )
            messages.success(request, _("The report to the police is recorded."))
            return redirect("customers:check", pk=check.pk)
        except FieldErrors as error:
            form.add_refusal(error.errors)
    return shown(request, check, report_form=form)
