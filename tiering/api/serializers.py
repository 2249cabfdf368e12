from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.serializers import LineText, TypedText, WireBoolean
from tiering.api.exact import ExactSerializer
from tiering.api.fields import Code, MoneyIn, MoneyOut, WholeNumber, WireDate
from tiering.enums import CardLevel, OwnerEnd, Tier
from tiering.rules.completeness import Completeness

MOST_CO_OWNERS = 10
OLDEST = 150


@extend_schema_field({"type": "string", "enum": Tier.codes()})
class TierCode(Code):
    def __init__(self, **options):
        super().__init__(Tier, **options)


@extend_schema_field({"type": "string", "enum": CardLevel.codes()})
class CardLevelCode(Code):
    def __init__(self, **options):
        super().__init__(CardLevel, **options)


class Codes(serializers.ListField):
    child = serializers.CharField()


class EvaluateIn(serializers.Serializer):
    """Only `aum` is obligatory. `as_of` is the day of age and policy, today where it is not given."""

    aum = MoneyIn(may_be_negative=True)
    age = WholeNumber(required=False, allow_null=True, default=None, min_value=0, max_value=OLDEST)
    birth_date = WireDate(required=False, allow_null=True, default=None)
    as_of = WireDate(required=False, allow_null=True, default=None)
    card_spend_year = MoneyIn(required=False, default=0)
    personal_loan_balance = MoneyIn(required=False, default=0)
    custody_margin = MoneyIn(required=False, default=0)
    card_level = CardLevelCode(required=False, default=CardLevel.NONE)
    admission_private_wealth = WireBoolean(required=False, default=False)
    admission_wealth_management = WireBoolean(required=False, default=False)
    policy = WholeNumber(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class EvaluateOut(serializers.Serializer):
    tier = TierCode()
    in_scope = serializers.BooleanField()
    reasons = Codes()
    required_owner_positions = Codes()
    policy_version = serializers.IntegerField()


class BoardFilter(serializers.Serializer):
    branch = TypedText(required=False, default="")
    as_of = WireDate(required=False, default=None)
    below = serializers.BooleanField(required=False, default=True)


class BoardRowOut(serializers.Serializer):
    """`moved_up` rose into the tier since the end of last month, `moved_down` fell out of it; `…_quarter` likewise.
    `change_…` is against the day of comparison; null where there is none. `unowned` is null on a day filled in later,
    as `overdue` (nobody's beyond the month), `incomplete` and `warned` (owners that the tier still wants); in the row
    `unbanded` it counts those whom the policy gives no owner.
    """

    tier = TierCode()
    customers = serializers.IntegerField(source="sums.customers")
    aum = MoneyOut(source="sums.aum")
    unowned = serializers.IntegerField(source="sums.unowned", allow_null=True)
    overdue = serializers.IntegerField(source="sums.overdue", allow_null=True)
    incomplete = serializers.IntegerField(source="sums.incomplete", allow_null=True)
    warned = serializers.IntegerField(source="sums.warned", allow_null=True)
    moved_up = serializers.IntegerField(source="sums.month_up")
    moved_down = serializers.IntegerField(source="sums.month_down")
    moved_up_quarter = serializers.IntegerField(source="sums.quarter_up")
    moved_down_quarter = serializers.IntegerField(source="sums.quarter_down")
    near_up = serializers.IntegerField(source="sums.near_up")
    near_down = serializers.IntegerField(source="sums.near_down")
    change_month = serializers.IntegerField(source="month.net", allow_null=True, default=None)
    change_quarter = serializers.IntegerField(source="quarter.net", allow_null=True, default=None)
    aum_change_month = MoneyOut(source="month.aum", allow_null=True, default=None)
    aum_change_quarter = MoneyOut(source="quarter.aum", allow_null=True, default=None)


class ComparedOut(serializers.Serializer):
    month = serializers.DateField(allow_null=True)
    quarter = serializers.DateField(allow_null=True)


class BoardOut(serializers.Serializer):
    """`as_of` is the loaded day the figures are of, null before the first night; `rows` are the five tiers in scope."""

    as_of = serializers.DateField(allow_null=True)
    branch = serializers.CharField(source="scope.branch.code")
    below = serializers.BooleanField(source="scope.with_those_below")
    own = serializers.BooleanField(source="scope.own", help_text="the caller's own customers alone")
    policy_version = serializers.IntegerField(source="days.policy_version", allow_null=True, default=None)
    lines_kept = serializers.BooleanField(
        help_text="false for one's own customers on a day whose lines have been removed: nothing can be counted"
    )
    compared_with = ComparedOut(source="days", allow_null=True)
    rows = BoardRowOut(many=True)


class OwnerOut(serializers.Serializer):
    """`reason` in words where a person decided, else its code."""

    staff = serializers.CharField(source="owner.username")
    name = serializers.CharField(source="owner.name")
    position = serializers.CharField()
    primary = serializers.BooleanField(source="is_primary")
    since = serializers.DateField()
    reason = serializers.SerializerMethodField()
    reason_code = serializers.CharField(source="reason")

    def get_reason(self, row) -> str:
        return row.note or row.reason


class TierStepOut(serializers.Serializer):
    kind = serializers.CharField(default="tier", read_only=True)
    as_of = serializers.DateField(source="move.as_of")
    from_tier = TierCode()
    to_tier = TierCode()
    from_aum = MoneyOut(source="move.from_aum")
    to_aum = MoneyOut(source="move.to_aum")
    reasons = Codes(source="reason_codes")
    reason_text = serializers.CharField()
    policy_version = serializers.IntegerField(source="move.policy_version")


class FormerOwnerOut(OwnerOut):
    kind = serializers.CharField(default="owner", read_only=True)
    until = serializers.DateField(allow_null=True)
    end_reason = serializers.ChoiceField(OwnerEnd.choices, allow_blank=True)
    by = serializers.CharField(source="by.username", allow_null=True, default=None)


class CreditOut(serializers.Serializer):
    """Whom revenue is credited to: the initial maintainer; `beneficiary` is the branch where he has left the bank."""

    staff = serializers.CharField(source="credited_to.username", allow_null=True, default=None)
    name = serializers.CharField(source="credited_to.name", allow_null=True, default=None)
    beneficiary = serializers.CharField(source="credit_beneficiary.code", allow_null=True, default=None)


class StandingOut(serializers.Serializer):
    """Figures are null out of scope. `branch` is where the customer is listed: as of the last night."""

    customer_number = serializers.CharField(source="customer.customer_number")
    tier = TierCode()
    since = serializers.DateField(allow_null=True)
    in_scope = serializers.BooleanField(source="is_in_scope")
    reasons = Codes(source="reason_codes")
    reason_text = serializers.CharField(allow_blank=True)
    aum = MoneyOut(source="figures.aum", allow_null=True, default=None)
    card_spend_year = MoneyOut(source="figures.card_spend_year", allow_null=True, default=None)
    personal_loan_balance = MoneyOut(source="figures.personal_loan_balance", allow_null=True, default=None)
    custody_margin = MoneyOut(source="figures.custody_margin", allow_null=True, default=None)
    card_level = CardLevelCode(source="figures.card_level", allow_null=True, default=None)
    policy_version = serializers.IntegerField(source="assignment.policy_version", allow_null=True, default=None)
    branch = serializers.CharField(source="branch.code")
    owners = OwnerOut(many=True)
    initial_maintainer = serializers.CharField(source="initial_maintainer.username", allow_null=True, default=None)
    credit = CreditOut(source="*")


class HistoryLine(serializers.Serializer):
    """`tier` a step from one tier to another, `owner` somebody's time as an owner; the newest first."""

    kind = serializers.ChoiceField(["tier", "owner"])


class OwedOwnersOut(serializers.Serializer):
    """`owner_due_on` where there is no owner at all; `missing_positions` where owners are there and more are wanted."""

    owner_due_on = serializers.DateField(source="due_on", allow_null=True)
    owner_overdue = serializers.BooleanField(source="is_overdue")
    owners = serializers.ChoiceField([each.value for each in Completeness], source="completeness.value")
    missing_positions = Codes(source="missing")


class CustomerTierOut(StandingOut):
    owed = OwedOwnersOut()
    history = HistoryLine(many=True)


class OwnersIn(ExactSerializer):
    """Staff numbers. Without `co_owners` the present ones stay; an empty list ends them."""

    owner = TypedText(allow_blank=False, max_length=150)
    reason = LineText()
    co_owners = serializers.ListField(
        child=TypedText(allow_blank=False, max_length=150),
        required=False,
        allow_null=True,
        default=None,
        max_length=MOST_CO_OWNERS,
    )
