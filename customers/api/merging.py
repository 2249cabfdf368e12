"""Merges asked for and undone; they are decided on as every request is (api.requests)."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api import serializers as wire
from customers.api.reading import validated
from customers.models import Amendment
from customers.selectors.merging import merge_asked_by, merge_seen_by, warnings_of
from customers.services import ask_for_merge, ask_for_undo
from customers.services.looking import note_look
from tellerdesk.core.api import ApiView

REQUEST_MERGE = "customers.request_merge"


class MergeIn(serializers.Serializer):
    """`choices` is `{field: "survivor" | "absorbed"}`, `document` among them; a field left out is the survivor's."""

    survivor = wire.TypedText()
    absorbed = wire.TypedText()
    evidence = wire.TypedText()
    choices = serializers.DictField(child=wire.TypedText(), required=False, default=dict)


class MergeOut(wire.AmendmentOut):
    """Of a merge, or of its undoing: `evidence` and `choices` are those of the merge."""

    absorbed = serializers.CharField(source="other.customer_number")
    evidence = serializers.CharField()
    choices = serializers.DictField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())


class MergeRequests(ApiView):
    permission = REQUEST_MERGE

    @extend_schema(request=MergeIn, responses={201: MergeOut})
    def post(self, request):
        typed = validated(MergeIn, request)
        amendment = ask_for_merge(**typed, by=request.user)
        return Response(merge_body(amendment, by=request.user), status.HTTP_201_CREATED)


class UndoMerge(ApiView):
    permission = REQUEST_MERGE

    @extend_schema(request=wire.ReasonIn, responses={201: MergeOut})
    def post(self, request, pk):
        typed = validated(wire.ReasonIn, request)
        merge = merge_seen_by(request.user, pk)
        if merge is None:
            raise Http404
        amendment = ask_for_undo(merge=merge, reason=typed["reason"], by=request.user)
        return Response(merge_body(amendment, by=request.user), status.HTTP_201_CREATED)


def merge_body(amendment: Amendment, *, by) -> dict:
    """The answer tells what both files say, so asking for it is a look at both."""
    for each in (amendment.customer, amendment.other):
        note_look(each, each.customer_number, by=by)
    merge = merge_asked_by(amendment)
    amendment.evidence, amendment.choices = merge.evidence, merge.choices
    amendment.warnings = warnings_of(merge, amendment)
    return MergeOut(amendment).data
