"""Requests of every kind: asked for, listed, decided on by a second person."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.merging import MergeOut, merge_body
from customers.api.reading import validated
from customers.api.views import found_customer
from customers.enums import AmendmentKind, AmendmentStatus
from customers.field_words import masked_changes
from customers.models import Amendment
from customers.selectors.requests import decidable, readable, requests_seen_by
from customers.services import approve, ask_for_standing, reject, withdraw
from customers.services.looking import note_look
from tellerdesk.core.api import ApiView, keyset_page, page_response


class Amendments(ApiView):
    """What one may decide on, and what one asked for oneself."""

    permission = "customers.amend_customer"

    @extend_schema(
        parameters=[OpenApiParameter("status", str, enum=AmendmentStatus.values), OpenApiParameter("after", int)],
        responses=wire.AmendmentPage,
    )
    def get(self, request):
        typed = validated(wire.AmendmentFilter, request, data=request.query_params)
        queue = requests_seen_by(request.user, status=typed["status"])
        rows, following = keyset_page(queue, after=typed["after"])
        for row in rows:
            row.changes = masked_changes(row.changes)
        return page_response(request, wire.AmendmentOut(rows, many=True).data, following)


class AmendmentDetail(ApiView):
    """Whole, and a look at its customer, at both where two are merged."""

    permission = "customers.amend_customer"

    @extend_schema(responses=PolymorphicProxySerializer("AnyAmendment", [wire.AmendmentOut, MergeOut], None))
    def get(self, request, pk):
        amendment = found_request(readable, request, pk)
        if amendment.other:
            return Response(merge_body(amendment, by=request.user))
        if amendment.customer:
            note_look(amendment.customer, amendment.customer.customer_number, by=request.user)
        return Response(wire.AmendmentOut(amendment).data)


class ApproveAmendment(ApiView):
    permission = "customers.approve_amendment"

    @extend_schema(request=None, responses=wire.AmendmentOut)
    def post(self, request, pk):
        return Response(
            wire.AmendmentOut(approve(amendment=found_request(decidable, request, pk), by=request.user)).data
        )


class RejectAmendment(ApiView):
    permission = "customers.approve_amendment"

    @extend_schema(request=wire.ReasonIn, responses=wire.AmendmentOut)
    def post(self, request, pk):
        typed = validated(wire.ReasonIn, request)
        amendment = found_request(decidable, request, pk)
        return Response(wire.AmendmentOut(reject(amendment=amendment, reason=typed["reason"], by=request.user)).data)


class WithdrawAmendment(ApiView):
    permission = "customers.amend_customer"

    @extend_schema(request=None, responses=wire.AmendmentOut)
    def post(self, request, pk):
        amendment = found_request(readable, request, pk)
        return Response(wire.AmendmentOut(withdraw(amendment=amendment, by=request.user)).data)


class StandingRequest(ApiView):
    """`kind` comes from the address: suspensions, reinstatements, closures."""

    permission = "customers.amend_customer"
    kind = AmendmentKind.SUSPENSION

    @extend_schema(request=wire.ReasonIn, responses={201: wire.AmendmentOut})
    def post(self, request, customer_number):
        typed = validated(wire.ReasonIn, request)
        customer = found_customer(request, customer_number)
        amendment = ask_for_standing(customer=customer, kind=self.kind, reason=typed["reason"], by=request.user)
        return Response(wire.AmendmentOut(amendment).data, status.HTTP_201_CREATED)


def found_request(selector, request, pk) -> Amendment:
    amendment = selector(request.user, pk)
    if amendment is None:
        raise Http404
    return amendment
