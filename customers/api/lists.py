"""The lists of the counter for programs: masked by GET; one page in full by POST, with a reason."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import LineText
from customers.forms.listing import ListFilter
from customers.selectors.listing import Chosen, Listing
from customers.selectors.listings import listing_for
from customers.services.unmasking import UNMASK, unmask_list
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.errors import NotPermitted
from tellerdesk.staff.own_writes import from_replica

FILTERS = ("day", "since", "until", "branch", "person", "kind", "status")


class AfterIn(serializers.Serializer):
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**63 - 1)


class UnmaskIn(AfterIn):
    reason = LineText()


class ListPage(serializers.Serializer):
    results = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(allow_null=True)


class CounterList(ApiView):
    """`code`: checks, receipts, my_requests, waiting, decided, looks, day_totals; each asks its own permission."""

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in (*FILTERS, "after")], responses=ListPage)
    @method_decorator(from_replica)
    def get(self, request, code):
        listing, chosen, found = asked(request, code)
        typed = validated(AfterIn, request, data=request.query_params)
        rows, following = page_of(listing, found, typed["after"])
        return page_response(request, [listing.wire_row(row, False) for row in rows], following)

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in FILTERS], request=UnmaskIn, responses=ListPage)
    def post(self, request, code):
        """The filter stands in the address, the reason and the key to go on from in the body; `next` is that key."""
        listing, chosen, found = asked(request, code)
        if not request.user.has_perm(UNMASK):
            raise NotPermitted(UNMASK)
        typed = validated(UnmaskIn, request)
        rows, following = page_of(listing, found, typed["after"])
        words = listing.filter_words(chosen)
        unmask_list(listing=code, words=words, rows=len(rows), reason=typed["reason"], by=request.user)
        body = {"results": [listing.wire_row(row, True) for row in rows], "next": following}
        return Response(body, headers={"Cache-Control": "no-store, private"})


def asked(request, code: str) -> tuple[Listing, Chosen, object]:
    listing = listing_for(request.user, code)
    if listing is None:
        raise Http404
    chosen = listing.completed(ListFilter(request.query_params, asks=listing.asks).chosen_or_refused())
    found = listing.rows(request.user, chosen)
    if found is None:
        raise Http404
    return listing, chosen, found


def page_of(listing: Listing, found, after: int | None) -> tuple[list, str | None]:
    return keyset_page(found, after=after, by=listing.by) if isinstance(found, QuerySet) else (found, None)
