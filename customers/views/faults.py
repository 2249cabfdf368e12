"""Everything that keeps an opening form from being sent, at once and by field; the services judge it again."""

from django.utils.translation import gettext_lazy as _

from customers.enums import DocumentType
from customers.errors import CheckMismatch, DecisionRequired, DocumentExpired
from customers.forms.opening import OpeningForm
from customers.messages import DUTY_BY_CODE, message
from customers.rules.documents import parse_document
from customers.rules.fields import opening_errors
from customers.rules.validity import is_expired
from customers.selectors.check_panel import CheckPanel
from customers.validators import field_errors
from tellerdesk.core.business_date import today

NOT_CHECKED = _("Make the online check first.")
CHANGED_SINCE = _("Number, type or name were changed after the check; check again.")


def everything_wrong(form: OpeningForm, panel: CheckPanel | None) -> dict[str, list[tuple]]:
    return wrong_with_particulars(form) | wrong_with_check(form, panel)


def wrong_with_particulars(form: OpeningForm) -> dict[str, list[tuple]]:
    entered = form.particulars()
    if entered.document_type not in DocumentType.values:
        return {"document_type": [("not_in_list", message("not_in_list"))]}
    paper = parse_document(entered.document_type, entered.document_number, today=today())
    entered = entered.completed_from(paper)
    wrong = field_errors(opening_errors(entered, paper, today=today()), paper)
    if is_expired(entered.valid_until, today=today()):
        expired = DocumentExpired(valid_until=entered.valid_until.isoformat())
        wrong.setdefault("valid_until", []).append((expired.code, expired.as_dict()["message"]))
    return wrong


def wrong_with_check(form: OpeningForm, panel: CheckPanel | None) -> dict[str, list[tuple]]:
    if panel is None:
        return {"identity_check": [("required", NOT_CHECKED)]}
    if panel.is_void:
        return {"identity_check": [(CheckMismatch.code, CHANGED_SINCE)]}
    if panel.has_photo and panel.evidence.photo_matches is None:
        return {"photo_matches": [("compare_photo", DUTY_BY_CODE["compare_photo"])]}
    return wrong_with_decision(form, panel)


def wrong_with_decision(form: OpeningForm, panel: CheckPanel) -> dict[str, list[tuple]]:
    chosen = next((each for each in panel.options if each.decision == form.cleaned_data["decision"]), None)
    if chosen is None and form.cleaned_data["decision"]:
        return {"decision": [("not_in_list", message("not_in_list"))]}
    if chosen is None:
        return {"decision": [(DecisionRequired.code, DecisionRequired.message)]} if panel.must_decide else {}
    lacks = [] if chosen.verdict.allowed else [("decision_not_allowed", chosen.verdict.explanation)]
    return {"decision": lacks} if lacks else {}
