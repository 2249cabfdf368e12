"""季度考核 for programs: have a quarter assessed, read its figures, the customers behind them, close it."""

from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.staff.own_writes import from_replica
from tiering.api import assessment_serializers as wire
from tiering.api.scoping import found_scope
from tiering.errors import NotAssessed
from tiering.models import Assessment
from tiering.rules.quarters import Quarter, parse_quarter
from tiering.selectors.assessed_customers import page_behind
from tiering.selectors.assessments import owner_named, quarters_shown, report_of, shown_version, versions_of
from tiering.selectors.behind import Behind
from tiering.services.assessing import close_assessment, queue_assessment

SCOPE = [
    OpenApiParameter("branch", str, description="the caller's own where none is given"),
    OpenApiParameter("below", bool, description="with the branches below (the default)"),
    OpenApiParameter("version", int, description="the one closed last, else the newest, where none is given"),
]


class Assessments(ApiView):
    """One version of each quarter, the newest quarter first: the one closed last, else the newest computed."""

    permission = "tiering.view_tiers"

    @extend_schema(operation_id="tiering_assessments_list", responses=wire.AssessmentPage)
    @method_decorator(from_replica)
    def get(self, request):
        return page_response(request, wire.AssessmentOut(quarters_shown(request.user), many=True).data, None)


class AssessmentDetail(ApiView):
    permission = "tiering.view_tiers"

    @extend_schema(parameters=SCOPE, responses=wire.ReportOut)
    @method_decorator(from_replica)
    def get(self, request, quarter):
        typed = validated(wire.AskedIn, request, data=request.query_params)
        found = found_version(request.user, found_quarter(quarter), typed["version"])
        report = report_of(found, found_scope(request.user, typed), shown=quarters_shown(request.user))
        body = wire.AssessmentOut(found).data | {
            "owners": wire.OwnerFiguresOut(report.owners, many=True).data,
            "branches": wire.BranchFiguresOut(report.branches, many=True).data,
            "total": wire.BranchFiguresOut(report.total).data,
        }
        return Response(body)


class ComputeAssessment(ApiView):
    permission = "tiering.close_assessment"

    @extend_schema(request=None, responses={202: wire.AssessmentOut})
    def post(self, request, quarter):
        row = queue_assessment(quarter=found_quarter(quarter), by=request.user)
        return Response(wire.AssessmentOut(row).data, status.HTTP_202_ACCEPTED)


class CloseAssessment(ApiView):
    permission = "tiering.close_assessment"

    @extend_schema(request=wire.CloseIn, responses=wire.AssessmentOut)
    def post(self, request, quarter):
        typed = validated(wire.CloseIn, request)
        row = close_assessment(quarter=found_quarter(quarter), **typed, by=request.user)
        return Response(wire.AssessmentOut(row).data)


class AssessmentCustomers(ApiView):
    """The customers behind a figure, names masked."""

    permission = "tiering.view_tiers"

    @extend_schema(parameters=[wire.BehindIn], responses=wire.AssessedPage)
    @method_decorator(from_replica)
    def get(self, request, quarter):
        found = found_quarter(quarter)
        typed = validated(wire.BehindIn, request, data=request.query_params)
        version = found_version(request.user, found, typed["version"])
        scope = found_scope(request.user, typed)
        owner = owner_named(scope, version, typed["owner"].strip()) if typed["owner"].strip() else None
        asked = Behind(version, scope, typed["indicator"], typed["part"], owner)
        if not asked.is_known or (typed["owner"].strip() and owner is None):
            raise Http404
        lines, following = page_behind(asked, typed["after"])
        return page_response(request, wire.AssessedLineOut(lines, many=True).data, following)


def found_quarter(text: str) -> Quarter:
    quarter = parse_quarter(text)
    if quarter is None:
        raise Http404
    return quarter


def found_version(staff, quarter: Quarter, number: int | None) -> Assessment:
    versions = versions_of(staff, str(quarter))
    if number is None:
        found = shown_version(versions)
    else:
        found = next((each for each in versions if each.version == number and each.is_computed), None)
    if found is None:
        raise NotAssessed(quarter=str(quarter))
    return found
