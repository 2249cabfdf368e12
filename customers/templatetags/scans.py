"""The scans of a customer's papers, for a page that is about something else."""

from django import template

from customers.selectors.images import papers_of

register = template.Library()


@register.inclusion_tag("customers/review_images.html")
def scans_beside(customer, other=None):
    """Of both where two are merged. Nothing where nothing has been scanned, or nobody was opened."""
    sides, shown = [], set()
    for each in filter(None, (customer, other)):
        papers = [paper for paper in papers_of(each) if paper.images and paper.key not in shown]
        shown |= {paper.key for paper in papers}  # what the request brings stands on both files
        sides.append({"owner": each, "papers": papers})
    return {"sides": [side for side in sides if side["papers"]], "of_two": other is not None}
