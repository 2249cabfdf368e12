from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.serializers import LineText, TypedText
from tellerdesk.files.api import RunFilter
from tiering.api.exact import ExactSerializer
from tiering.api.fields import MoneyOut, WholeNumber, WireDate
from tiering.api.serializers import TierCode
from tiering.enums import HandOverFate, HandOverReason, HandOverStatus, QueuedWhy, UndoOutcome
from tiering.selectors.belongings import Some

MOST_ROWS = 1000
RULES = ("even", "one", "tier", "rows")


class StartIn(ExactSerializer):
    """`leaver` is a staff number; `last_day` the last day in the position."""

    leaver = TypedText(allow_blank=False, max_length=150)
    reason = serializers.ChoiceField(HandOverReason.choices)
    note = LineText()
    last_day = WireDate()


class RowIn(ExactSerializer):
    customer_number = TypedText(allow_blank=False, max_length=40)
    receiver = TypedText(allow_null=True, max_length=150, help_text="null: to the manager's queue")


class SplitIn(ExactSerializer):
    """`even` by load against capacity; `one`: everything to `receiver` where eligible, the rest evenly; `tier`: all of
    `tier` to `receiver` (null: to the queue); `rows`: single customers. The first two begin anew.
    """

    rule = serializers.ChoiceField(RULES)
    receiver = TypedText(required=False, allow_null=True, default=None, max_length=150)
    tier = TierCode(required=False, allow_null=True, default=None)
    rows = RowIn(many=True, required=False, default=list, max_length=MOST_ROWS)


class HandOverFilter(RunFilter):
    status = serializers.ChoiceField(HandOverStatus.choices, required=False, allow_blank=True, default="")


class RowFilter(serializers.Serializer):
    """`receiver` is a staff number or `queue`; `after` the key that `next` gives."""

    receiver = TypedText(required=False, default="", max_length=150)
    tier = TierCode(required=False, default=None)
    after = WholeNumber(required=False, default=0, min_value=0, max_value=2**63 - 1)

    def to_internal_value(self, data):
        given = data.dict() if hasattr(data, "dict") else dict(data)
        after = given.get("after", "")
        if isinstance(after, str) and after.isascii() and after.isdigit() and len(after) < 19:
            given["after"] = int(after)
        return super().to_internal_value(given)


class HandOverOut(serializers.Serializer):
    """`number` is the serial number of the list, blank before it is handed over."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(HandOverStatus.choices)
    leaver = serializers.CharField(source="leaver.username")
    leaver_name = serializers.CharField(source="leaver.name")
    branch = serializers.CharField(source="branch.code")
    reason = serializers.ChoiceField(HandOverReason.choices)
    note = serializers.CharField()
    last_day = serializers.DateField()
    maker = serializers.CharField(source="maker.username")
    made_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    checker = serializers.CharField(source="checker.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    undo_until = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(source="undone_by.username", allow_null=True, default=None)
    undone_at = serializers.DateTimeField(allow_null=True)
    undo_reason = serializers.CharField(allow_blank=True)


class ReceiverLineOut(serializers.Serializer):
    """Of one branch and tier. `load` and `after` are null once it is decided, `capacity` where there is no roster."""

    tier = TierCode()
    branch = serializers.CharField()
    position = serializers.CharField(allow_blank=True)
    customers = serializers.IntegerField()
    aum = MoneyOut()
    load = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True)
    over = serializers.IntegerField(help_text="how many above the capacity")


class ReceiverOut(serializers.Serializer):
    """`staff` null: the manager's queue. `load` and `after` are all customers of the person."""

    staff = serializers.CharField(source="staff.username", allow_null=True, default=None)
    name = serializers.CharField(source="staff.name", allow_null=True, default=None)
    customers = serializers.IntegerField()
    aum = MoneyOut()
    load = serializers.IntegerField(allow_null=True)
    after = serializers.IntegerField(allow_null=True)
    over = serializers.IntegerField()
    lines = ReceiverLineOut(many=True)


class BelongingsOut(serializers.Serializer):
    """How many of each kind the leaver holds beside customers (zero: none of it)."""

    def to_representation(self, found):
        counts = {name: getattr(found, name) for name in found.__dataclass_fields__}
        return {name: each.count if isinstance(each, Some) else each for name, each in counts.items()}


class HandOverFileOut(HandOverOut):
    customers = serializers.SerializerMethodField()
    receivers = serializers.SerializerMethodField()
    beside = serializers.SerializerMethodField()

    def get_customers(self, _row) -> int:
        return sum(each.customers for each in self.context["receivers"])

    @extend_schema_field(ReceiverOut(many=True))
    def get_receivers(self, _row):
        return ReceiverOut(self.context["receivers"], many=True).data

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_beside(self, _row):
        return BelongingsOut(self.context["belongings"]).data


class RowOut(serializers.Serializer):
    """`why` says what brought a customer to the queue, `undo` what the undoing did."""

    customer_number = serializers.CharField()
    name = serializers.CharField(help_text="masked")
    tier = TierCode()
    branch = serializers.CharField(source="branch.code")
    aum = MoneyOut()
    primary = serializers.BooleanField(source="is_primary")
    position = serializers.CharField()
    since = serializers.DateField()
    fate = serializers.ChoiceField(HandOverFate.choices)
    receiver = serializers.CharField(source="receiver.username", allow_null=True, default=None)
    receiver_position = serializers.CharField(allow_blank=True)
    why = serializers.ChoiceField(QueuedWhy.choices, allow_blank=True)
    by_hand = serializers.BooleanField()
    undo = serializers.ChoiceField(UndoOutcome.choices, allow_blank=True)


class HandOverPage(serializers.Serializer):
    results = HandOverOut(many=True)
    next = serializers.CharField(allow_null=True)


class RowPage(serializers.Serializer):
    results = RowOut(many=True)
    next = serializers.CharField(allow_null=True)
