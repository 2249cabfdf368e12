"""What a program sends, and nothing beside it: a key that is misspelt would else be left out without a word."""

from collections.abc import Mapping

from rest_framework import serializers

from customers.api.serializers import ReasonIn
from customers.messages import message

LONGEST_KEY = 60
OF_A_FORM = "csrfmiddlewaretoken"


class ExactSerializer(serializers.Serializer):
    """Refuses unknown keys by name, at its own level; `shown` are those of the answer that are taken back unread."""

    shown: tuple[str, ...] = ()

    def to_internal_value(self, data):
        unknown = self.unknown_keys(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(error.detail | unknown) from error
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def unknown_keys(self, data: Mapping) -> dict:
        known = {*self.fields, *self.shown, OF_A_FORM}
        words = serializers.ErrorDetail(message("unknown_field"), code="unknown_field")
        return {printable(key): [words] for key in data if key not in known}


def printable(key: str) -> str:
    """As much of it as an answer can repeat."""
    return key.encode("utf-8", "replace").decode()[:LONGEST_KEY]


class ExactReasonIn(ExactSerializer, ReasonIn):
    pass
