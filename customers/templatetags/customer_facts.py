"""Codes and particulars of a customer as the file writes them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from customers import enums
from customers.models import Customer
from customers.rules.countries import find_country
from customers.rules.validity import expiry
from tellerdesk.core.masking import mask_mobile
from tellerdesk.core.templatetags.display import NOTHING, icon

register = template.Library()
FURTHER = ("ethnic_group", "marital_status", "education", "income_band", "tax_residency", "risk_level", "channel")
OF_DOCUMENT = {
    "document_type": gettext_lazy("Document type"),
    "document_number": gettext_lazy("Document number"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"),
    "long_term": gettext_lazy("Long term"),
    "issuing_authority": gettext_lazy("Issuing authority"),
}
TRANSACTIONS = {
    "1001": gettext_lazy("Open individual customer"),
    "1002": gettext_lazy("Amend customer information"),
}


def _label(choices, code: str):
    return choices(code).label if code in choices.values else code or NOTHING


@register.filter
def outcome(code):
    return _label(enums.CheckOutcome, code)


@register.filter
def decision(code):
    return _label(enums.CheckDecision, code)


@register.filter
def document_type(code):
    return _label(enums.DocumentType, code)


@register.filter
def request_kind(code):
    return _label(enums.AmendmentKind, code)


@register.filter
def refusal_reason(code):
    return _label(enums.RefusalReason, code)


@register.filter
def status(code):
    return _label(enums.CustomerStatus, code)


@register.filter
def field_label(name):
    """A field of the customer or of the document by the word that stands beside it."""
    return OF_DOCUMENT.get(name) or Customer._meta.get_field(name).verbose_name


@register.filter
def country(alpha_3):
    found = find_country(alpha_3)
    if found is None:
        return alpha_3 or NOTHING
    return f"{alpha_3} {found.name_en if (get_language() or '').startswith('en') else found.name_zh}"


@register.filter
def masked_mobile(number):
    return mask_mobile(number) if number else NOTHING


@register.filter
def yes_no(value):
    return _("yes") if value else _("no")


@register.simple_tag
def further(customer):
    rows = [(customer._meta.get_field(name).verbose_name, _shown(customer, name)) for name in FURTHER]
    return format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)


def _shown(customer, name):
    display = getattr(customer, f"get_{name}_display", None)
    return (display() if display else getattr(customer, name)) or NOTHING


@register.simple_tag
def document_state(document, as_of):
    """A tag in words; a former document only serves to be found."""
    if document.role == document.Role.HISTORIC:
        return format_html('<span class="tag">{}</span>', _("for look-up only"))
    state = expiry(document.valid_until, today=as_of)
    if state == enums.Expiry.VALID:
        return format_html('<span class="tag tag--ok">{}{}</span>', icon("check"), state.label)
    days = abs((document.valid_until - as_of).days)
    if state == enums.Expiry.EXPIRED:
        words = _("expired %(days)s days ago") % {"days": days}
        return format_html('<span class="tag tag--bad">{}{}</span>', icon("alert"), words)
    words = _("expires in %(days)s days") % {"days": days}
    return format_html('<span class="tag tag--warn">{}{}</span>', icon("clock"), words)


@register.simple_tag
def closed_fact(file, name):
    """A particular that is read here and changed elsewhere, of the customer or of the primary document."""
    if hasattr(file.customer, name):
        return format_html("<div><dt>{}</dt><dd>{}</dd></div>", field_label(name), _closed(file.customer, name))
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", field_label(name), _of_document(file.primary, name))


def _closed(customer, name):
    value = getattr(customer, name)
    if isinstance(value, bool):
        return yes_no(value)
    shown = {"mobile": masked_mobile, "nationality": country}.get(name)
    return shown(value) if shown else _shown(customer, name)


def _of_document(document, name):
    if document is None:
        return NOTHING
    if name == "document_number":
        return document.number_masked
    value = document.get_document_type_display() if name == "document_type" else getattr(document, name)
    return yes_no(value) if isinstance(value, bool) else value or NOTHING


@register.filter
def transaction_title(code):
    return TRANSACTIONS.get(code, "")
