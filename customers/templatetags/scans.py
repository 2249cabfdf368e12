"""The scans of a customer's papers, for a page that is about something else."""

from django import template

from customers.selectors.images import papers_of

register = template.Library()


@register.inclusion_tag("customers/review_images.html")
def scans_beside(customer):
    """Nothing where nothing has been scanned, or nobody was opened."""
    papers = [each for each in papers_of(customer) if each.images] if customer else []
    return {"papers": papers, "owner": customer}
