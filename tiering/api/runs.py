"""The night for programs: a file is sent, its run is watched, its rejects are fetched."""

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.files.api import FileRunOut, RunFilter, UploadField
from tellerdesk.files.responses import rejects_response
from tellerdesk.files.uploads import SealedUploads
from tellerdesk.staff.own_writes import from_replica
from tiering.api.exact import ExactSerializer
from tiering.models import NightlyRun
from tiering.selectors.rejects import rejects_name
from tiering.selectors.runs import error_message, run_report, runs_of
from tiering.services.sending import send_snapshot


class SnapshotIn(ExactSerializer):
    file = UploadField()
    as_of = serializers.DateField()
    dry_run = serializers.BooleanField(required=False, default=False)


class RunStep(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(["done", "now", "wait", "failed"])
    percent = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)


class RunOut(FileRunOut):
    """`progress` is the percentage of the whole run; `tiers` counts all customers of the legal entity after it."""

    rejects_view = "api_run_rejects"

    as_of = serializers.DateField()
    steps = serializers.SerializerMethodField()
    missing = serializers.IntegerField()
    assigned = serializers.IntegerField()
    unowned = serializers.IntegerField()
    moved_up = serializers.IntegerField()
    moved_down = serializers.IntegerField()
    moved_standing = serializers.BooleanField(
        help_text="false where a newer day was loaded already: only the day was filled"
    )
    tiers = serializers.DictField(child=serializers.IntegerField())
    policy_version = serializers.IntegerField(allow_null=True)

    def get_progress(self, run: NightlyRun) -> int:
        return run_report(run).progress

    @extend_schema_field(RunStep(many=True))
    def get_steps(self, run: NightlyRun) -> list[dict]:
        return RunStep(run_report(run).steps, many=True).data

    def error_message(self, run: NightlyRun) -> str:
        return error_message(run.error_code, run.error_detail)


class RunPage(serializers.Serializer):
    results = RunOut(many=True)
    next = serializers.CharField(allow_null=True)


class Snapshots(SealedUploads, ApiView):
    permission = "tiering.load_snapshots"

    @extend_schema(request={"multipart/form-data": SnapshotIn}, responses={202: RunOut})
    def post(self, request):
        typed = validated(SnapshotIn, request)
        run = send_snapshot(upload=typed["file"], as_of=typed["as_of"], dry_run=typed["dry_run"], by=request.user)
        return Response(RunOut(run).data, status.HTTP_202_ACCEPTED)


class Runs(ApiView):
    """The newest first."""

    permission = "tiering.load_snapshots"

    @extend_schema(operation_id="tiering_runs_list", parameters=[OpenApiParameter("after", int)], responses=RunPage)
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(RunFilter, request, data=request.query_params)
        rows, following = keyset_page(runs_of(request.user), after=typed["after"])
        return page_response(request, RunOut(rows, many=True).data, following)


class Run(ApiView):
    permission = "tiering.load_snapshots"

    @extend_schema(responses=RunOut)
    @method_decorator(from_replica)
    def get(self, request, pk):
        return Response(RunOut(found_run(request, pk)).data)


class RunRejects(ApiView):
    """The rejected lines as they were sent, with line, code and message: correct them and send them again."""

    permission = "tiering.load_snapshots"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @method_decorator(from_replica)
    def get(self, request, pk):
        run = found_run(request, pk)
        return rejects_response(run, rejects_name(run), by=request.user)


def found_run(request, pk: int) -> NightlyRun:
    return get_object_or_404(runs_of(request.user), pk=pk)
