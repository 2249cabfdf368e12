"""2007 for programs: a hand-over is taken up, split, sent, decided and taken back as on the page."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.errors import FieldErrors
from tiering.api import hand_over_serializers as wire
from tiering.api.exact import ExactReasonIn
from tiering.models import HandOver
from tiering.selectors.belongings import belongings_of
from tiering.selectors.hand_over_file import page_of, receivers_of, rows_of
from tiering.selectors.leavers import HAND_OVER, found_hand_over, hand_overs_of
from tiering.services.hand_over_changes import QUEUE, change_receivers, change_tier
from tiering.services.hand_over_deciding import approve_hand_over, return_hand_over
from tiering.services.hand_over_undoing import undo_hand_over
from tiering.services.handing_over import split_hand_over, start_hand_over, submit_hand_over, withdraw_hand_over


class HandOvers(ApiView):
    """Those of the branches the caller answers for, the newest first."""

    permission = HAND_OVER

    @extend_schema(
        parameters=[OpenApiParameter("status", str), OpenApiParameter("after", int)], responses=wire.HandOverPage
    )
    def get(self, request):
        typed = validated(wire.HandOverFilter, request, data=request.query_params)
        rows, following = keyset_page(hand_overs_of(request.user, status=typed["status"]), after=typed["after"])
        return page_response(request, wire.HandOverOut(rows, many=True).data, following)

    @extend_schema(request=wire.StartIn, responses={201: wire.HandOverFileOut})
    def post(self, request):
        typed = validated(wire.StartIn, request)
        return Response(body(start_hand_over(**typed, by=request.user)), status.HTTP_201_CREATED)


class OneHandOver(ApiView):
    permission = HAND_OVER

    def found(self, request, pk: int) -> HandOver:
        hand_over = found_hand_over(request.user, pk)
        if hand_over is None:
            raise Http404
        return hand_over


class HandOverDetail(OneHandOver):
    @extend_schema(responses=wire.HandOverFileOut)
    def get(self, request, pk):
        return Response(body(self.found(request, pk)))


class Rows(OneHandOver):
    """Every customer, in the order of the split."""

    @extend_schema(
        parameters=[
            OpenApiParameter("receiver", str, description="a staff number, or `queue`"),
            OpenApiParameter("tier", str),
            OpenApiParameter("after", int),
        ],
        responses=wire.RowPage,
    )
    def get(self, request, pk):
        hand_over = self.found(request, pk)
        typed = validated(wire.RowFilter, request, data=request.query_params)
        rows = rows_of(hand_over, receiver=typed["receiver"], tier=typed["tier"])
        lines, following = page_of(rows, after=typed["after"])
        return page_response(request, wire.RowOut(lines, many=True).data, following and str(following))


class Split(OneHandOver):
    @extend_schema(request=wire.SplitIn, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        hand_over = self.found(request, pk)
        typed = validated(wire.SplitIn, request)
        split(hand_over, typed, by=request.user)
        return Response(body(self.found(request, pk)))


class Submit(OneHandOver):
    @extend_schema(request=None, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        submit_hand_over(hand_over=self.found(request, pk), by=request.user)
        return Response(body(self.found(request, pk)))


class Approve(OneHandOver):
    @extend_schema(request=None, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        approve_hand_over(hand_over=self.found(request, pk), by=request.user)
        return Response(body(self.found(request, pk)))


class Return(OneHandOver):
    @extend_schema(request=ExactReasonIn, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        hand_over = self.found(request, pk)
        return_hand_over(hand_over=hand_over, **validated(ExactReasonIn, request), by=request.user)
        return Response(body(self.found(request, pk)))


class Withdraw(OneHandOver):
    @extend_schema(request=None, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        withdraw_hand_over(hand_over=self.found(request, pk), by=request.user)
        return Response(body(self.found(request, pk)))


class Undo(OneHandOver):
    """Within a day, by whoever made or approved it."""

    @extend_schema(request=ExactReasonIn, responses=wire.HandOverFileOut)
    def post(self, request, pk):
        hand_over = self.found(request, pk)
        undo_hand_over(hand_over=hand_over, **validated(ExactReasonIn, request), by=request.user)
        return Response(body(self.found(request, pk)))


def split(hand_over: HandOver, typed: dict, *, by) -> None:
    """Raises FieldErrors for what the rule still wants."""
    rule, receiver = typed["rule"], typed["receiver"] or QUEUE
    if rule == "even":
        split_hand_over(hand_over=hand_over, by=by)
    elif rule == "one":
        wanted(receiver, "receiver")
        split_hand_over(hand_over=hand_over, receiver=receiver, by=by)
    elif rule == "tier":
        wanted(typed["tier"] is not None, "tier")
        change_tier(hand_over=hand_over, tier=typed["tier"], receiver=receiver, by=by)
    else:
        wanted(typed["rows"], "rows")
        receivers = {each["customer_number"]: each["receiver"] or QUEUE for each in typed["rows"]}
        change_receivers(hand_over=hand_over, receivers=receivers, by=by)


def wanted(given, field: str) -> None:
    if not given:
        raise FieldErrors({field: [("required", _("Please fill this in."))]})


def body(hand_over: HandOver) -> dict:
    context = {"receivers": receivers_of(hand_over), "belongings": belongings_of(hand_over.leaver)}
    return wire.HandOverFileOut(hand_over, context=context).data
