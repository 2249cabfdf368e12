"""Every list that leaves the site as a workbook or through the interface, by its code."""

from customers.selectors.counter_lists import CHECKS, MY_REQUESTS, RECEIPTS, WAITING
from customers.selectors.listing import Listing
from customers.selectors.oversight_lists import DAY_TOTALS, DECIDED, LOOKS
from tellerdesk.core.errors import NotPermitted

LISTINGS: dict[str, Listing] = {
    listing.code: listing for listing in (CHECKS, RECEIPTS, MY_REQUESTS, WAITING, DECIDED, LOOKS, DAY_TOTALS)
}


def listing_for(staff, code: str) -> Listing | None:
    """None for a list that is not there. Raises NotPermitted."""
    listing = LISTINGS.get(code)
    if listing and not staff.has_perm(listing.permission):
        raise NotPermitted(listing.permission)
    return listing
