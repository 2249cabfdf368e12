"""JSON values of their own type, and nothing that merely looks like them."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tiering.enums import Coded
from tiering.messages import MONEY_MESSAGES
from tiering.rules.money import parse_fen, yuan


@extend_schema_field(OpenApiTypes.DECIMAL)
class MoneyIn(serializers.Field):
    """Yuan as text (or a JSON number) in, whole fen inside."""

    default_error_messages = MONEY_MESSAGES

    def __init__(self, *, may_be_negative: bool = False, **options):
        self.may_be_negative = may_be_negative
        super().__init__(**options)

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self.fail("not_a_number")
        fen = parse_fen(data if isinstance(data, str) else _written(data))
        if isinstance(fen, str):
            self.fail(fen)
        if fen < 0 and not self.may_be_negative:
            self.fail("out_of_range")
        return fen


def _written(number: int | float) -> str:
    """A JSON number as text; one of thousands of digits, which Python does not write, as one too long."""
    return "9" * 61 if isinstance(number, int) and number.bit_length() > 200 else str(number)


@extend_schema_field(OpenApiTypes.DECIMAL)
class MoneyOut(serializers.Field):
    """Whole fen out as text with two decimals."""

    def to_representation(self, value):
        return str(yuan(value).quantize(Decimal("0.01")))


class WholeNumber(serializers.IntegerField):
    """A JSON number without a fraction: `"40"` and `true` are none."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        if abs(data) > 2**63:
            self.fail("max_value", max_value=self.max_value)
        return super().to_internal_value(data)


class WireDate(serializers.DateField):
    """A day as text; every other type is refused, a list too."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


class Code(serializers.Field):
    """The code of a numbered choice (tiers, card levels), both ways."""

    default_error_messages = {"not_in_list": _("Please choose from the list.")}

    def __init__(self, choices: type[Coded], **options):
        self.coded = choices
        super().__init__(**options)

    def to_internal_value(self, data):
        found = [each for each in self.coded if each.code == data] if isinstance(data, str) else []
        return found[0] if found else self.fail("not_in_list")

    def to_representation(self, value):
        return self.coded(value).code
