"""Merges and likely duplicates in words."""

from django import template

from customers import merge_words
from customers.enums import AmendmentStatus
from customers.selectors.merging import comparison, merge_asked_by, merge_facts

register = template.Library()
register.filter("grounds", merge_words.grounds_words)


@register.filter
def merge_warning(code):
    return merge_words.WARNINGS[code]


@register.simple_tag
def merge_asked(amendment):
    """For the checker: both sides as they stand, with what was chosen. Nothing where the request has no merge."""
    merge = merge_asked_by(amendment)
    if merge is None:
        return None
    waits = amendment.status == AmendmentStatus.PENDING_REVIEW and merge.merged_at is None
    compared = comparison(merge.survivor, merge.absorbed, merge.choices) if waits else None
    return {"merge": merge, "compared": compared, "facts": merge_facts(merge)}
