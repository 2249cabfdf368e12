from rest_framework import serializers

from customers.api.serializers import LineText
from tiering.api.exact import ExactSerializer
from tiering.api.fields import MoneyOut, WholeNumber
from tiering.api.serializers import CardLevelCode, Codes, TierCode
from tiering.enums import PolicyStatus


class BandOut(serializers.Serializer):
    tier = TierCode()
    floor = MoneyOut()
    floor_inclusive = serializers.BooleanField()
    ceiling = MoneyOut(allow_null=True)
    ceiling_inclusive = serializers.BooleanField()
    max_age = serializers.IntegerField(allow_null=True)
    max_age_inclusive = serializers.BooleanField()
    positions = Codes()
    positions_needed = serializers.IntegerField()


class ScopeOut(serializers.Serializer):
    card_spend_year = MoneyOut()
    personal_loan_balance = MoneyOut()
    custody_margin = MoneyOut()
    card_level = CardLevelCode()


class CategoryOut(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class PolicyOut(serializers.Serializer):
    """`revision` counts what a draft has said so far. `in_force`: on this day; of two that begin on one day the higher
    version counts. People are staff numbers, null where there is none.
    """

    version = serializers.IntegerField()
    status = serializers.ChoiceField(PolicyStatus.choices)
    in_force = serializers.BooleanField()
    effective_from = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    based_on = serializers.IntegerField(source="based_on.version", allow_null=True, default=None)
    drafted_by = serializers.CharField(source="drafted_by.username", allow_null=True, default=None)
    submitted_by = serializers.CharField(source="submitted_by.username", allow_null=True, default=None)
    approved_by = serializers.CharField(source="approved_by.username", allow_null=True, default=None)
    discarded_by = serializers.CharField(source="discarded.by.username", allow_null=True, default=None)
    discarded_for = serializers.CharField(source="discarded.reason", allow_null=True, default=None)
    returned_for = serializers.CharField(source="returned.reason", allow_null=True, default=None)
    bands = BandOut(many=True, source="band_rows")
    scope = ScopeOut(source="*")
    downgrade_grace_days = serializers.IntegerField()
    product_categories = CategoryOut(many=True, source="category_rows")


class PolicyPage(serializers.Serializer):
    results = PolicyOut(many=True)
    next = serializers.CharField(allow_null=True)


class ReadIn(ExactSerializer):
    """Where `revision` is given, it is the one that was read; another one by now is 409 `stale`."""

    revision = WholeNumber(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class ReasonedIn(ReadIn):
    reason = LineText()
