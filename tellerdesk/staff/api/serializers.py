from rest_framework import serializers

from tellerdesk.staff.forms import LONGEST_PASSWORD, LONGEST_TYPED_USERNAME


class TextField(serializers.CharField):
    """Text only: a number or a list in its place is a mistake of the caller's."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class CredentialsIn(serializers.Serializer):
    username = TextField(max_length=LONGEST_TYPED_USERNAME)
    password = TextField(max_length=LONGEST_PASSWORD, trim_whitespace=False)

    def validate_username(self, value):
        return value.lower()


class TokenOut(serializers.Serializer):
    token = serializers.CharField(source="key", help_text="shown once")
    expires_at = serializers.DateTimeField(source="token.expires_at")


class PostingOut(serializers.Serializer):
    position = serializers.CharField()
    branch = serializers.CharField(source="branch.code")
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)


class MeOut(serializers.Serializer):
    username = serializers.CharField()
    name = serializers.CharField()
    legal_entity = serializers.CharField(source="legal_entity.code")
    branch = serializers.CharField(source="branch.code", allow_null=True, default=None)
    positions = PostingOut(source="postings_now", many=True)
    permissions = serializers.ListField(child=serializers.CharField(), source="permissions_now")
