from rest_framework import serializers

from customers.api.serializers import TypedText
from tiering.api.fields import MoneyOut


class HeadOut(serializers.Serializer):
    """The richest `percent` of the customers."""

    percent = serializers.IntegerField()
    customers = serializers.IntegerField()
    aum = MoneyOut()
    share_pct = serializers.CharField(allow_null=True)


class PartOut(serializers.Serializer):
    """A branch, or an owner by staff number."""

    code = serializers.CharField()
    name = serializers.CharField()
    customers = serializers.IntegerField()
    aum = MoneyOut()
    bringing = serializers.IntegerField()


class ConcentrationOut(serializers.Serializer):
    """`bringing`: the fewest customers who have 80 % of all AUM together; `curve`: what the richest 0 to 100 % have."""

    branch = serializers.CharField()
    customers = serializers.IntegerField()
    aum = MoneyOut()
    bringing = serializers.IntegerField()
    bringing_pct = serializers.CharField(allow_null=True)
    floor = MoneyOut()
    heads = HeadOut(many=True)
    curve = serializers.ListField(child=MoneyOut())
    branches = PartOut(many=True)
    owners = PartOut(many=True)


class ConcentrationIn(serializers.Serializer):
    branch = TypedText(required=False, default="")
    below = serializers.BooleanField(required=False, default=True)
    owner = TypedText(required=False, default="", max_length=150)
