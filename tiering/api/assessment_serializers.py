"""A quarter's assessment as programs read it, and what they may ask of it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.serializers import LineText, TypedText
from tiering.api.exact import ExactSerializer
from tiering.api.fields import MoneyOut, WholeNumber
from tiering.enums import Incomplete, Indicator, StaffCategory
from tiering.selectors.assessments import Figures
from tiering.selectors.behind import INDICATORS, NUMERATOR, PARTS

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
    indicator = serializers.ChoiceField(INDICATORS)
    part = serializers.ChoiceField(PARTS, required=False, default=NUMERATOR)
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


class CloseIn(ExactSerializer):
    """`version` is the one that was looked at; a reason where a version of the quarter was closed before."""

    reason = LineText(required=False, allow_blank=True, default="")
    version = WholeNumber(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)
