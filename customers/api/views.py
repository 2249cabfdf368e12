from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.reading import agent_of, changes_of, evidence_of, name_of, paper_of, particulars_of, validated
from customers.enums import AmendmentStatus
from customers.errors import LookupNotAllowed
from customers.models import Amendment, Customer, IdentityCheck
from customers.rules.corroboration import Evidence
from customers.rules.documents import parse_document
from customers.rules.identity_check import decisions, needs_decision
from customers.selectors.checks import check_seen_by
from customers.selectors.file import customer_file, looks_at
from customers.selectors.requests import decidable, readable, requests_seen_by
from customers.services import amend_customer, approve, check_identity, decide_check, look_up, open_customer, reject
from tellerdesk.audit.selectors import history_of
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.business_date import today

LOOKUP_KEYS = {"customer_number", "document_type", "document_number", "reason"}


class ParseDocument(ApiView):
    permission = "customers.parse_document"

    @extend_schema(request=wire.DocumentIn, responses=wire.DocumentOut)
    def post(self, request):
        typed = validated(wire.DocumentIn, request)
        paper = parse_document(typed["document_type"], typed["document_number"], today=today())
        return Response(wire.DocumentOut(paper).data)


class IdentityChecks(ApiView):
    permission = "customers.check_identity"

    @extend_schema(request=wire.CheckIn, responses={201: wire.CheckOut})
    def post(self, request):
        typed = validated(wire.CheckIn, request)
        paper = paper_of(typed, today=today())
        check = check_identity(name=name_of(typed), paper=paper, business=typed["business"], by=request.user)
        return Response(check_body(check), status.HTTP_201_CREATED)


class IdentityCheckDetail(ApiView):
    permission = "customers.check_identity"

    @extend_schema(responses=wire.CheckOut)
    def get(self, request, pk):
        return Response(check_body(found_check(request, pk)))


class CheckDecision(ApiView):
    permission = "customers.check_identity"

    @extend_schema(request=wire.DecisionIn, responses=wire.CheckOut)
    def post(self, request, pk):
        check = found_check(request, pk)
        typed = validated(wire.DecisionIn, request)
        evidence = evidence_of(typed, today=today())
        check = decide_check(
            check=check, decision=typed["decision"], evidence=evidence, reason=typed["reason"], by=request.user
        )
        return Response(check_body(check))


class Customers(ApiView):
    permissions = {"GET": "customers.look_up", "POST": "customers.open_customer"}

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in sorted(LOOKUP_KEYS)], responses=wire.CustomerOut)
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
            reason=typed["reason"],
            version=typed["version"],
            by=request.user,
        )
        return Response(wire.AmendmentOut(amendment).data, status.HTTP_201_CREATED)


class CustomerHistory(ApiView):
    permission = "customers.look_up"

    @extend_schema(responses=wire.HistoryOut)
    def get(self, request, customer_number):
        customer = found_customer(request, customer_number)
        history = {"changes": history_of("customers.customer", customer.pk), "looks": looks_at(customer)}
        return Response(wire.HistoryOut(history).data)


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
        return page_response(request, wire.AmendmentOut(rows, many=True).data, following)


class AmendmentDetail(ApiView):
    permission = "customers.amend_customer"

    @extend_schema(responses=wire.AmendmentOut)
    def get(self, request, pk):
        return Response(wire.AmendmentOut(found_request(readable, request, pk)).data)


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


def found_check(request, pk) -> IdentityCheck:
    """One's own, or one in the register of a branch whose lists one may see: checks are not looked up by key."""
    check = check_seen_by(request.user, pk)
    if check is None:
        raise Http404
    return check


def found_customer(request, customer_number) -> Customer:
    """A look by number, logged like any other."""
    customer = look_up(customer_number=customer_number, by=request.user)
    if customer is None:
        raise Http404
    return customer


def found_request(selector, request, pk) -> Amendment:
    amendment = selector(request.user, pk)
    if amendment is None:
        raise Http404
    return amendment


def file_body(customer) -> dict:
    return wire.CustomerOut(customer_file(customer, as_of=today())).data


def check_body(check: IdentityCheck) -> dict:
    open_now = decisions(
        check.outcome, checked_type=check.document_type, checked_number=check.number, evidence=Evidence()
    )
    check.decisions = [
        {"decision": name, "allowed": each.allowed, "lacks": each.lacks} for name, each in open_now.items()
    ]
    check.decision_required = needs_decision(check.finding, check.decision)
    return wire.CheckOut(check).data
