"""Online checks for programs: made, decided on, followed up, and the register of a day."""

from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api import check_serializers as out
from customers.api import serializers as wire
from customers.api.reading import evidence_of, name_of, paper_of, validated
from customers.enums import OwedKind
from customers.models import IdentityCheck
from customers.rules.corroboration import Evidence
from customers.rules.identity_check import decisions, needs_decision
from customers.selectors.checks import Register, branch_named, check_seen_by, checks_of_day, register_of
from customers.selectors.owed_checks import LIST_CHECKS, owed_page, owed_seen_by
from customers.services import check_identity, decide_check, issue_certificate, report_to_police
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.business_date import today
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.own_writes import from_replica

CHECK_IDENTITY = "customers.check_identity"


class IdentityChecks(ApiView):
    permissions = {"GET": LIST_CHECKS, "POST": CHECK_IDENTITY}

    @extend_schema(
        parameters=[OpenApiParameter("day", str), OpenApiParameter("branch", str), OpenApiParameter("after", int)],
        responses=out.RegisterPage,
    )
    def get(self, request):
        """核查登记簿: the checks of one of the bank's days with their counts, today's where no day is named."""
        typed = validated(out.RegisterFilter, request, data=request.query_params)
        day, branch = typed["day"] or today(), branch_named(request.user, typed["branch"])
        if typed["branch"] and branch is None:
            raise Http404
        checks = checks_of_day(request.user, day, branch)
        rows, following = keyset_page(checks, after=typed["after"])
        for row in rows:
            row.name = mask_name(row.name)
        page = page_response(request, out.RegisterLine(rows, many=True).data, following)
        page.data = register_body(register_of(checks, day=day, branch=branch)) | page.data
        return page

    @extend_schema(request=wire.CheckIn, responses={201: out.CheckRecordOut})
    def post(self, request):
        typed = validated(wire.CheckIn, request)
        paper = paper_of(typed, today=today())
        check = check_identity(name=name_of(typed), paper=paper, business=typed["business"], by=request.user)
        return Response(check_body(check), status.HTTP_201_CREATED)


class IdentityCheckDetail(ApiView):
    permission = CHECK_IDENTITY

    @extend_schema(responses=out.CheckRecordOut)
    def get(self, request, pk):
        check = found_check(request, pk)
        if check.teller_id != request.user.pk:
            check.name = mask_name(check.name)
        return Response(check_body(check))


class CheckDecision(ApiView):
    permission = CHECK_IDENTITY

    @extend_schema(request=wire.DecisionIn, responses=out.CheckRecordOut)
    def post(self, request, pk):
        check = found_check(request, pk)
        typed = validated(wire.DecisionIn, request)
        evidence = evidence_of(typed, today=today())
        check = decide_check(
            check=check, decision=typed["decision"], evidence=evidence, reason=typed["reason"], by=request.user
        )
        return Response(check_body(check))


class OwedChecks(ApiView):
    """待补核查, by due day: one's own, or those of the branches one lists."""

    permission = LIST_CHECKS

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=OwedKind.values),
            OpenApiParameter("overdue", bool),
            OpenApiParameter("after", str),
        ],
        responses=out.OwedPage,
    )
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(out.OwedFilter, request, data=request.query_params)
        found = owed_seen_by(request.user, kind=typed["kind"], overdue=typed["overdue"])
        rows, following = owed_page(found, after=typed["after"])
        return page_response(request, out.OwedLine(rows, many=True).data, following)


class Certificates(ApiView):
    """联网核查结果证明: each call issues one more."""

    permission = CHECK_IDENTITY

    @extend_schema(request=None, responses={201: out.CertificateOut})
    def post(self, request, pk):
        certificate = issue_certificate(check=found_check(request, pk), by=request.user)
        return Response(out.CertificateOut(certificate).data, status.HTTP_201_CREATED)


class PoliceReport(ApiView):
    """报案 after an approved refusal, as it was made."""

    permission = CHECK_IDENTITY

    @extend_schema(request=out.PoliceReportIn, responses=out.CheckRecordOut)
    def post(self, request, pk):
        check = found_check(request, pk)
        typed = validated(out.PoliceReportIn, request)
        check = report_to_police(
            check=check,
            police_report=typed["police_report"],
            reported_on=typed["reported_on"] or today(),
            by=request.user,
        )
        return Response(check_body(check))


def found_check(request, pk) -> IdentityCheck:
    """One's own, or one in the register of a branch whose lists one may see: checks are not looked up by key."""
    check = check_seen_by(request.user, pk)
    if check is None:
        raise Http404
    return check


def register_body(register: Register) -> dict:
    counts = {name: getattr(register, name) for name in ("total", "outcomes", "decisions", "sources")}
    counts["tellers"] = {username: count for username, _name, count in register.tellers}
    return {
        "day": register.day.isoformat(),
        "branch": register.branch.code if register.branch else None,
        "counts": counts,
    }


def check_body(check: IdentityCheck) -> dict:
    open_now = decisions(
        check.outcome, checked_type=check.document_type, checked_number=check.number, evidence=Evidence()
    )
    check.decisions = [
        {"decision": name, "allowed": each.allowed, "lacks": each.lacks} for name, each in open_now.items()
    ]
    check.decision_required = needs_decision(check.finding, check.decision)
    return out.CheckRecordOut(check).data
