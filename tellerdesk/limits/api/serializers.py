from rest_framework import serializers

from tellerdesk.limits.enums import ChangeStatus

LARGEST = 2**31 - 1


class ReasonField(serializers.CharField):
    """As it was typed; numbers and truth values are no text. What a reason may be is the service's matter."""

    def __init__(self, **options):
        super().__init__(allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class WholeNumber(serializers.IntegerField):
    """A number of JSON, not a text that looks like one."""

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class LimitChangeIn(serializers.Serializer):
    value = WholeNumber(min_value=-LARGEST, max_value=LARGEST)
    reason = ReasonField()


class ReturnIn(serializers.Serializer):
    reason = ReasonField()


class LimitChangeOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    reason = serializers.CharField()
    status = serializers.ChoiceField(ChangeStatus.choices)
    maker = serializers.CharField(source="maker.username")
    made_at = serializers.DateTimeField()
    checker = serializers.CharField(source="checker.username", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField()


class LimitOut(serializers.Serializer):
    """Of a selectors.Line."""

    name = serializers.CharField(source="limit.name")
    label = serializers.CharField(source="limit.label")
    group = serializers.CharField(source="limit.group")
    unit = serializers.CharField(source="limit.unit")
    value = serializers.IntegerField()
    default = serializers.IntegerField(source="limit.default")
    least = serializers.IntegerField(source="limit.least")
    most = serializers.IntegerField(source="limit.most")
    last_change = LimitChangeOut(source="last", allow_null=True)
    pending_change = LimitChangeOut(source="pending", allow_null=True)


class LimitsOut(serializers.Serializer):
    results = LimitOut(many=True)
