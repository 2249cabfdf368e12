"""批量领养 for programs: lines or a file in, a preview out; then carried out or discarded."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import LineText, TypedText, WireBoolean
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.api import RunFilter, UploadField
from tellerdesk.files.storage import open_stored
from tellerdesk.files.uploads import SealedUploads
from tellerdesk.staff.models import Branch
from tellerdesk.staff.own_writes import from_replica
from tiering.api.exact import ExactSerializer
from tiering.api.serializers import TierCode
from tiering.batch_columns import MOST_LINES
from tiering.enums import BANDED, BatchKind, BatchStatus
from tiering.models import OwnerBatch
from tiering.rules.adoption_lines import Given
from tiering.selectors.adoption import ADOPT, branch_to_adopt
from tiering.selectors.batches import BatchView, batches_of
from tiering.services.adopting import adopt_by_file, adopt_evenly
from tiering.services.owner_batches import apply_batch, discard_batch, preview


class BatchLineIn(ExactSerializer):
    """`primary` left out or null: the customer's first line names the primary, each further one a co-owner."""

    customer_number = TypedText(allow_blank=False, max_length=64)
    owner = TypedText(allow_blank=False, max_length=150)
    primary = WireBoolean(required=False, allow_null=True, default=None)
    note = TypedText(required=False, default="", max_length=200)


class SpreadIn(ExactSerializer):
    """`customers` left out: all without owner in `tier`, or in any band; `people` left out: everybody eligible."""

    customers = serializers.ListField(
        child=TypedText(allow_blank=False, max_length=64), required=False, default=None, max_length=MOST_LINES
    )
    tier = TierCode(required=False, allow_null=True, default=None)
    people = serializers.ListField(
        child=TypedText(allow_blank=False, max_length=150), required=False, default=list, max_length=500
    )


class BatchIn(ExactSerializer):
    """Exactly one of `lines`, `spread` and, as multipart/form-data, `file`."""

    note = LineText()
    branch = TypedText(required=False, default="", max_length=12)
    lines = BatchLineIn(many=True, required=False, default=None, max_length=MOST_LINES, allow_empty=False)
    spread = SpreadIn(required=False, default=None)
    file = UploadField(required=False, default=None)

    def validate(self, typed):
        if sum(typed[name] is not None for name in ("lines", "spread", "file")) != 1:
            raise serializers.ValidationError({"lines": _("Send one of lines, spread and file.")}, code="one_of")
        return typed


class ShareOut(serializers.Serializer):
    staff = serializers.CharField(source="staff.username")
    name = serializers.CharField(source="staff.name")
    position = serializers.CharField()
    branch = serializers.CharField(source="branch.code")
    tier = TierCode()
    before = serializers.IntegerField()
    gets = serializers.IntegerField()
    after = serializers.IntegerField()
    capacity = serializers.IntegerField(allow_null=True)
    over = serializers.IntegerField()


class BatchLineOut(serializers.Serializer):
    line = serializers.IntegerField(source="row.line")
    customer_number = serializers.CharField(source="row.customer_number")
    owner = serializers.CharField(source="row.username")
    position = serializers.CharField(source="row.position", allow_blank=True)
    primary = serializers.BooleanField(source="row.is_primary")
    tier = TierCode(allow_null=True)


class BatchErrorOut(serializers.Serializer):
    line = serializers.IntegerField(source="row.line")
    customer_number = serializers.CharField(source="row.customer_number")
    owner = serializers.CharField(source="row.username")
    code = serializers.CharField(source="row.code")
    message = serializers.CharField()


class BatchSummary(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(BatchKind.choices)
    status = serializers.ChoiceField(BatchStatus.choices)
    branch = serializers.CharField(source="branch.code")
    note = serializers.CharField()
    file_name = serializers.CharField(allow_blank=True)
    customers = serializers.IntegerField()
    error_count = serializers.IntegerField(source="errors")
    made_by = serializers.CharField(source="maker.username")
    made_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)


class BatchOut(BatchSummary):
    """`lines` are those that are carried out, `errors` those left out, `people` who gets how many."""

    lines = BatchLineOut(many=True)
    errors = BatchErrorOut(many=True)
    people = ShareOut(many=True)


class BatchPage(serializers.Serializer):
    results = BatchSummary(many=True)
    next = serializers.CharField(allow_null=True)


class OwnerBatches(SealedUploads, ApiView):
    """One's own, and those of the branches where one may set owners; the newest first."""

    permission = ADOPT

    @extend_schema(operation_id="tiering_owner_batches_list", responses=BatchPage)
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(RunFilter, request, data=request.query_params)
        rows, following = keyset_page(batches_of(request.user), after=typed["after"])
        return page_response(request, [summary_of(each) for each in rows], following)

    @extend_schema(request={"application/json": BatchIn, "multipart/form-data": BatchIn}, responses={201: BatchOut})
    def post(self, request):
        typed = validated(BatchIn, request)
        branch = branch_to_adopt(request.user, typed["branch"].strip())
        if branch is None:
            raise FieldErrors(
                {"branch": [("unknown_branch", _("There is no branch of this code where you may adopt."))]}
            )
        batch = previewed(typed, branch, by=request.user)
        return Response(body_of(batch), status.HTTP_201_CREATED)


class OwnerBatchDetail(ApiView):
    permission = ADOPT

    @extend_schema(responses=BatchOut)
    def get(self, request, pk):
        return Response(body_of(found_batch(request, pk)))


class OwnerBatchApply(ApiView):
    """All of it or nothing: 409 `stale` names the customers that changed since the preview."""

    permission = ADOPT

    @extend_schema(request=None, responses=BatchOut)
    def post(self, request, pk):
        apply_batch(batch=found_batch(request, pk), by=request.user)
        return Response(body_of(found_batch(request, pk)))


class OwnerBatchDiscard(ApiView):
    permission = ADOPT

    @extend_schema(request=None, responses=BatchOut)
    def post(self, request, pk):
        discard_batch(batch=found_batch(request, pk), by=request.user)
        return Response(body_of(found_batch(request, pk)))


def previewed(typed: dict, branch: Branch, *, by) -> OwnerBatch:
    note = typed["note"]
    if typed["file"] is not None:
        file = typed["file"]
        return adopt_by_file(
            branch=branch, file_name=file.name, source=partial(open_stored, file.stored.name), note=note, by=by
        )
    if typed["spread"] is not None:
        spread = typed["spread"]
        tiers = BANDED if spread["tier"] is None else (spread["tier"],)
        return adopt_evenly(
            branch=branch, customer_numbers=spread["customers"], tiers=tiers, people=spread["people"], note=note, by=by
        )
    lines = [given(place, line) for place, line in enumerate(typed["lines"], 1)]
    return preview(lines, kind=BatchKind.HAND, branch=branch, note=note, by=by)


def given(place: int, line: dict) -> Given:
    primary = "" if line["primary"] is None else "1" if line["primary"] else "0"
    return Given(place, line["customer_number"], line["owner"], primary, line["note"])


def body_of(batch: OwnerBatch) -> dict:
    view = BatchView(batch)
    return summary_of(batch) | {
        "lines": BatchLineOut(view.lines(wrong=False, most=None), many=True).data,
        "errors": BatchErrorOut(view.lines(wrong=True, most=None), many=True).data,
        "people": ShareOut(view.shares, many=True).data,
    }


def summary_of(batch: OwnerBatch) -> dict:
    return BatchSummary(batch).data


def found_batch(request, pk: int) -> OwnerBatch:
    return get_object_or_404(batches_of(request.user), pk=pk)
