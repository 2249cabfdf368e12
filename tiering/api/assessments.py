"""季度考核 for programs: have a quarter assessed, read its figures, the customers behind them, close it."""

from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import LineText, TypedText
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.staff.own_writes import from_replica
from tiering.api.concentration_serializers import ConcentrationIn, ConcentrationOut
from tiering.api.fields import MoneyOut, WholeNumber
from tiering.enums import Incomplete, Indicator, StaffCategory
from tiering.errors import NotAssessed
from tiering.models import Assessment
from tiering.rules.indicators import Rate
from tiering.rules.quarters import Quarter, parse_quarter
from tiering.selectors import assessed_customers as behind
from tiering.selectors.assessments import (
    Figures,
    owner_named,
    quarters_shown,
    report_of,
    shown_version,
    versions_of,
)
from tiering.selectors.concentration import concentration_of, owner_of, parts_by_branch, parts_by_owner
from tiering.selectors.scope import Scope, scope_of
from tiering.services.assessing import close_assessment, queue_assessment

STATES = ("queued", "running", "failed", "computed", "closed")


class AssessmentOut(serializers.Serializer):
    """`opening` and `closing` are the loaded days that stand for the ends of the quarter."""

    quarter = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(STATES, source="state")
    progress = serializers.IntegerField()
    opening = serializers.DateField(source="opening_on", allow_null=True)
    closing = serializers.DateField(source="closing_on", allow_null=True)
    incomplete = serializers.ChoiceField(Incomplete.choices, allow_blank=True)
    incomplete_message = serializers.CharField(source="get_incomplete_display", allow_blank=True)
    policy_version = serializers.IntegerField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    computed_by = serializers.CharField(source="computed_by.username", allow_null=True, default=None)
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField(source="closed_by.username", allow_null=True, default=None)


class RateOut(serializers.Serializer):
    """`pct` with two decimals, null where the denominator is 0; `rank` within the category, over the whole bank."""

    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField()
    pct = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)


class CoverageOut(RateOut):
    per_customer = serializers.CharField(allow_null=True)


class GrowthOut(serializers.Serializer):
    new = serializers.IntegerField()
    left = serializers.IntegerField()
    net = serializers.IntegerField()
    denominator = serializers.IntegerField()
    pct = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)


class AumGrowthOut(serializers.Serializer):
    net = MoneyOut()
    opening = MoneyOut()
    closing = MoneyOut()
    pct = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)


class FiguresOut(serializers.Serializer):
    """The five indicators 保 争 挖 抢 培."""

    opening_customers = serializers.IntegerField(source="tally.opening_customers")
    churn_rate = serializers.SerializerMethodField()
    upgrade_rate = serializers.SerializerMethodField()
    product_coverage = serializers.SerializerMethodField()
    customer_growth = serializers.SerializerMethodField()
    aum_growth = serializers.SerializerMethodField()

    @extend_schema_field(RateOut)
    def get_churn_rate(self, line: Figures) -> dict:
        return RateOut(_rate(line, Indicator.CHURN_RATE)).data

    @extend_schema_field(RateOut)
    def get_upgrade_rate(self, line: Figures) -> dict:
        return RateOut(_rate(line, Indicator.UPGRADE_RATE)).data

    @extend_schema_field(CoverageOut)
    def get_product_coverage(self, line: Figures) -> dict:
        return CoverageOut(_rate(line, Indicator.PRODUCT_COVERAGE) | {"per_customer": line.per_customer}).data

    @extend_schema_field(GrowthOut)
    def get_customer_growth(self, line: Figures) -> dict:
        counts = {"new": line.tally.new_customers, "left": line.tally.left_customers, "net": line.net_customers}
        return GrowthOut(_rate(line, Indicator.CUSTOMER_GROWTH) | counts).data

    @extend_schema_field(AumGrowthOut)
    def get_aum_growth(self, line: Figures) -> dict:
        amounts = {"net": line.net_aum, "opening": line.tally.opening_aum, "closing": line.tally.closing_aum}
        return AumGrowthOut(_rate(line, Indicator.AUM_GROWTH) | amounts).data


def _rate(line: Figures, indicator: Indicator) -> dict:
    rate = line.rates[indicator]
    place = line.ranks.get(indicator.value)
    return {"numerator": rate.numerator, "denominator": rate.denominator, "pct": rate.pct, "rank": place}


class OwnerFiguresOut(FiguresOut):
    """`branch` of the customers, null where they are of several."""

    staff = serializers.CharField(source="code")
    name = serializers.CharField()
    position = serializers.CharField()
    category = serializers.ChoiceField(StaffCategory.choices)
    branch = serializers.CharField(allow_null=True)


class WealthyOut(serializers.Serializer):
    """中高端客户: from the floor of the tier wealth_management on."""

    opening = serializers.IntegerField(source="tally.wealthy_opening")
    closing = serializers.IntegerField(source="tally.wealthy_closing")
    net = serializers.IntegerField(source="net_wealthy")
    pct = serializers.CharField(source="wealthy_growth.pct", allow_null=True)


class BranchFiguresOut(FiguresOut):
    branch = serializers.CharField(source="code")
    name = serializers.CharField()
    wealthy_customers = WealthyOut(source="*")


class ReportOut(AssessmentOut):
    owners = OwnerFiguresOut(many=True)
    branches = BranchFiguresOut(many=True)
    total = BranchFiguresOut()


class AssessmentPage(serializers.Serializer):
    results = AssessmentOut(many=True)
    next = serializers.CharField(allow_null=True)


class AskedIn(serializers.Serializer):
    branch = TypedText(required=False, default="")
    below = serializers.BooleanField(required=False, default=True)
    version = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**31 - 1)


class BehindIn(AskedIn):
    owner = TypedText(required=False, default="", max_length=150)
    indicator = serializers.ChoiceField(behind.INDICATORS)
    part = serializers.ChoiceField(behind.PARTS, required=False, default=behind.NUMERATOR)
    after = TypedText(required=False, default="", max_length=40)


class AssessedLineOut(serializers.Serializer):
    """`parts`: as what the customer counts."""

    customer_number = serializers.CharField()
    name = serializers.CharField()
    branch = serializers.CharField()
    opening_aum = MoneyOut()
    closing_aum = MoneyOut()
    products = serializers.IntegerField()
    parts = serializers.SerializerMethodField()
    opening_owner = serializers.CharField(allow_blank=True)
    closing_owner = serializers.CharField(allow_blank=True)
    arrival_owner = serializers.CharField(allow_blank=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_parts(self, line) -> list[str]:
        return [part.name.lower() for part in line.parts]


class AssessedPage(serializers.Serializer):
    results = AssessedLineOut(many=True)
    next = serializers.CharField(allow_null=True)


class CloseIn(serializers.Serializer):
    """`version` is the one that was looked at; a reason where a version of the quarter was closed before."""

    reason = LineText(required=False, allow_blank=True, default="")
    version = WholeNumber(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


SCOPE = [
    OpenApiParameter("branch", str, description="the caller's own where none is given"),
    OpenApiParameter("below", bool, description="with the branches below (the default)"),
    OpenApiParameter("version", int, description="the one closed last, else the newest, where none is given"),
]


class Assessments(ApiView):
    """One version of each quarter, the newest quarter first: the one closed last, else the newest computed."""

    permission = "tiering.view_tiers"

    @extend_schema(operation_id="tiering_assessments_list", responses=AssessmentPage)
    @method_decorator(from_replica)
    def get(self, request):
        return page_response(request, AssessmentOut(quarters_shown(request.user), many=True).data, None)


class AssessmentDetail(ApiView):
    permission = "tiering.view_tiers"

    @extend_schema(parameters=SCOPE, responses=ReportOut)
    @method_decorator(from_replica)
    def get(self, request, quarter):
        typed = validated(AskedIn, request, data=request.query_params)
        found = found_version(request.user, found_quarter(quarter), typed["version"])
        report = report_of(found, found_scope(request.user, typed), shown=quarters_shown(request.user))
        body = AssessmentOut(found).data | {
            "owners": OwnerFiguresOut(report.owners, many=True).data,
            "branches": BranchFiguresOut(report.branches, many=True).data,
            "total": BranchFiguresOut(report.total).data,
        }
        return Response(body)


class ComputeAssessment(ApiView):
    permission = "tiering.close_assessment"

    @extend_schema(request=None, responses={202: AssessmentOut})
    def post(self, request, quarter):
        row = queue_assessment(quarter=found_quarter(quarter), by=request.user)
        return Response(AssessmentOut(row).data, status.HTTP_202_ACCEPTED)


class CloseAssessment(ApiView):
    permission = "tiering.close_assessment"

    @extend_schema(request=CloseIn, responses=AssessmentOut)
    def post(self, request, quarter):
        typed = validated(CloseIn, request)
        return Response(AssessmentOut(close_assessment(quarter=found_quarter(quarter), **typed, by=request.user)).data)


class AssessmentCustomers(ApiView):
    """The customers behind a figure, names masked."""

    permission = "tiering.view_tiers"

    @extend_schema(parameters=[BehindIn], responses=AssessedPage)
    @method_decorator(from_replica)
    def get(self, request, quarter):
        found = found_quarter(quarter)
        typed = validated(BehindIn, request, data=request.query_params)
        version = found_version(request.user, found, typed["version"])
        scope = found_scope(request.user, typed)
        owner = owner_named(scope, version, typed["owner"].strip()) if typed["owner"].strip() else None
        asked = behind.Behind(version, scope, typed["indicator"], typed["part"], owner)
        if not asked.is_known or (typed["owner"].strip() and owner is None):
            raise Http404
        lines, following = behind.page_behind(asked, typed["after"])
        return page_response(request, AssessedLineOut(lines, many=True).data, following)


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


def found_scope(staff, typed: dict) -> Scope:
    scope = scope_of(staff, code=typed["branch"].strip(), below=typed["below"])
    if scope is None:
        raise Http404
    return scope


class ConcentrationView(ApiView):
    """How many customers bring 80 % of the money."""

    permission = "tiering.view_tiers"

    @extend_schema(parameters=[ConcentrationIn], responses=ConcentrationOut)
    def get(self, request):
        typed = validated(ConcentrationIn, request, data=request.query_params)
        scope, named = found_scope(request.user, typed), typed["owner"].strip()
        owner = owner_of(scope, named) if named else None
        if named and owner is None:
            raise Http404
        found = concentration_of(scope, owner)
        heads = [vars(each) | {"share_pct": Rate(each.aum, found.aum).pct} for each in found.heads]
        body = vars(found) | {
            "branch": scope.branch.code,
            "bringing_pct": Rate(found.bringing, found.customers).pct,
            "heads": heads,
            "branches": parts_by_branch(scope) if scope.with_those_below and not owner else [],
            "owners": [] if owner or scope.own else parts_by_owner(scope),
        }
        return Response(ConcentrationOut(body).data)
