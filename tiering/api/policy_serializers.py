from rest_framework import serializers

from tiering.api.fields import MoneyOut
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
    version = serializers.IntegerField()
    status = serializers.ChoiceField(PolicyStatus.choices)
    in_force = serializers.BooleanField()
    effective_from = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    bands = BandOut(many=True, source="band_rows")
    scope = ScopeOut(source="*")
    downgrade_grace_days = serializers.IntegerField()
    product_categories = CategoryOut(many=True, source="category_rows")


class PolicyPage(serializers.Serializer):
    results = PolicyOut(many=True)
    next = serializers.CharField(allow_null=True)
