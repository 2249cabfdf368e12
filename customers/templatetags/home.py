"""For the counter's home page."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from customers.templatetags.checks import owed_link
from tellerdesk.core.templatetags.display import icon

register = template.Library()
DRAFT_PAGES = {
    "1001": "customers:open_customer",
    "1003": "customers:check_identity",
    "1006": "customers:merge_start",
}
ABOUT_A_CUSTOMER = {"1002": "customers:amend", "1005": "customers:renew"}


@register.filter
def times(done, code):
    return (done or {}).get(code, 0)


@register.simple_tag
def task_link(task):
    """The page that settles it."""
    if task.kind == "draft" and task.transaction_code in DRAFT_PAGES:
        return reverse(DRAFT_PAGES[task.transaction_code])
    if task.kind == "draft":
        page = ABOUT_A_CUSTOMER.get(task.transaction_code, "customers:amend")
        return reverse(page, args=[task.customer_number])
    if task.check_id:
        return owed_link(task)
    return reverse("customers:my_requests") if task.kind in ("returned", "waiting") else ""


@register.simple_tag
def days_left(document, as_of):
    days = (document.valid_until - as_of).days
    if days >= 0:
        return days
    return format_html(
        '<span class="tag tag--bad">{}{}</span>', icon("alert"), _("expired %(days)s days ago") % {"days": -days}
    )
