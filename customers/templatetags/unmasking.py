"""Names and numbers of a list under its veil (views.unmasking), masked without one; cells of the lists beside it."""

from django import template

from customers.selectors.history_rows import key_words
from customers.selectors.listing import shown_name
from tellerdesk.core.templatetags.display import NOTHING, count

register = template.Library()
register.filter("key_words", key_words)


@register.filter
def name_under(name, veil):
    return shown_name(name, bool(veil and veil.lifted))


@register.filter
def number_under(sealed, veil):
    """Of whatever carries a sealed number: a check, a document, an agent."""
    return sealed.number if veil and veil.lifted else sealed.number_masked


@register.simple_tag
def total(row, column):
    """A dash for nothing, so that what somebody did stands out."""
    return count(column.value(row, False)) if column.value(row, False) else NOTHING
