from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.reading import agent_of, changes_of, particulars_of, validated
from customers.errors import LookupNotAllowed
from customers.models import Customer
from customers.rules.documents import parse_document
from customers.selectors.file import customer_file
from customers.services import amend_customer, look_up, open_customer
from tellerdesk.core.api import ApiView
from tellerdesk.core.business_date import today

LOOKUP_KEYS = {"customer_number", "document_type", "document_number", "reason"}


class ParseDocument(ApiView):
    permission = "customers.parse_document"

    @extend_schema(request=wire.DocumentIn, responses=wire.DocumentOut)
    def post(self, request):
        typed = validated(wire.DocumentIn, request)
        paper = parse_document(typed["document_type"], typed["document_number"], today=today())
        return Response(wire.DocumentOut(paper).data)


class Customers(ApiView):
    permissions = {"GET": "customers.look_up", "POST": "customers.open_customer"}

    @extend_schema(
        operation_id="customers_look_up",
        parameters=[OpenApiParameter(name, str) for name in sorted(LOOKUP_KEYS)],
        responses=wire.CustomerOut,
    )
    def get(self, request):
        keys = request.query_params.dict()
        if set(keys) - LOOKUP_KEYS:
            raise LookupNotAllowed
        keys |= validated(wire.LookIn, request, data=keys)
        customer = look_up(**keys, by=request.user)
        if customer is None:
            raise Http404
        return Response(file_body(customer))

    @extend_schema(request=wire.OpeningIn, responses={201: wire.CustomerOut})
    def post(self, request):
        typed = validated(wire.OpeningIn, request)
        opening = open_customer(check_id=typed["identity_check"], particulars=particulars_of(typed), by=request.user)
        body = file_body(opening.customer) | {"receipt": opening.receipt.number}
        return Response(body, status.HTTP_201_CREATED)


class CustomerDetail(ApiView):
    permission = "customers.look_up"

    @extend_schema(responses=wire.CustomerOut)
    def get(self, request, customer_number):
        return Response(file_body(found_customer(request, customer_number)))


class CustomerAmendments(ApiView):
    permission = "customers.amend_customer"

    @extend_schema(request=wire.AmendmentIn, responses={201: wire.AmendmentOut})
    def post(self, request, customer_number):
        typed = validated(wire.AmendmentIn, request)
        customer = found_customer(request, customer_number)
        amendment = amend_customer(
            customer=customer,
            changes=changes_of(typed["changes"]),
            in_person=typed["in_person"],
            agent=agent_of(typed["agent"]),
            check_id=typed["identity_check"],
            reason=typed["reason"],
            version=typed["version"],
            by=request.user,
        )
        return Response(wire.AmendmentOut(amendment).data, status.HTTP_201_CREATED)


def found_customer(request, customer_number) -> Customer:
    """A look by number, logged like any other."""
    customer = look_up(customer_number=customer_number, by=request.user)
    if customer is None:
        raise Http404
    return customer


def file_body(customer) -> dict:
    return wire.CustomerOut(customer_file(customer, as_of=today())).data
