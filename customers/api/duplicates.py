from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.reading import validated
from customers.errors import SearchRunning
from customers.merge_words import grounds_words
from customers.selectors.duplicates import (
    BANDS,
    LIST_DUPLICATES,
    STATUSES,
    PairFilter,
    latest_search,
    lines_of,
    page_of_pairs,
    pair_seen_by,
    pairs_seen_by,
)
from customers.services.duplicates import dismiss_pair, start_search
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.staff.own_writes import from_replica


class SuspectOut(serializers.Serializer):
    customer_number = serializers.CharField(source="customer.customer_number")
    name = serializers.CharField(help_text="masked")
    document_type = serializers.CharField(source="document.document_type", allow_null=True, default=None)
    document_number = serializers.CharField(
        source="document.number_masked", allow_null=True, default=None, help_text="masked"
    )
    home_branch = serializers.CharField(source="customer.home_branch.code")
    status = serializers.CharField(source="customer.status")


class PairOut(serializers.Serializer):
    id = serializers.IntegerField(source="pair.pk")
    first = SuspectOut()
    second = SuspectOut()
    strength = serializers.IntegerField(source="pair.strength")
    grounds = serializers.ListField(child=serializers.CharField(), source="pair.grounds")
    explanation = serializers.SerializerMethodField()
    status = serializers.CharField(source="pair.status")
    found_at = serializers.DateTimeField(source="pair.found_at")
    reason = serializers.CharField(source="pair.reason")

    def get_explanation(self, line) -> str:
        return grounds_words(line.pair.grounds)


class PairPage(serializers.Serializer):
    results = PairOut(many=True)
    next = serializers.CharField(allow_null=True)


class PairsIn(serializers.Serializer):
    status = serializers.ChoiceField(STATUSES, required=False, default=STATUSES[0])
    strength = serializers.ChoiceField(list(BANDS), required=False, default="")
    after = serializers.RegexField(r"^[0-9]{1,3}\.[0-9]{1,18}$", required=False, default="")


class SearchOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    status = serializers.CharField()
    progress = serializers.IntegerField()


class Duplicates(ApiView):
    permission = LIST_DUPLICATES

    @extend_schema(
        parameters=[
            OpenApiParameter("status", str, enum=[str(each) for each in STATUSES]),
            OpenApiParameter("strength", str, enum=list(BANDS)),
            OpenApiParameter("after", str),
        ],
        responses=PairPage,
    )
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(PairsIn, request, data=request.query_params)
        pairs = pairs_seen_by(request.user, PairFilter(typed["strength"], typed["status"]))
        lines, following = page_of_pairs(pairs, after=typed["after"])
        return page_response(request, PairOut(lines, many=True).data, following)


class DuplicateSearches(ApiView):
    permission = "customers.find_duplicates"

    @extend_schema(request=None, responses={202: SearchOut})
    def post(self, request):
        """The search that is under way already, where there is one."""
        try:
            search = start_search(by=request.user)
        except SearchRunning:
            search = latest_search(request.user)
        return Response(SearchOut(search).data, status.HTTP_202_ACCEPTED)


class DismissDuplicate(ApiView):
    permission = "customers.dismiss_duplicates"

    @extend_schema(request=wire.ReasonIn, responses=PairOut)
    def post(self, request, pk):
        typed = validated(wire.ReasonIn, request)
        pair = pair_seen_by(request.user, pk)
        if pair is None:
            raise Http404
        [line] = lines_of([dismiss_pair(pair=pair, reason=typed["reason"], by=request.user)])
        return Response(PairOut(line).data)
