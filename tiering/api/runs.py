"""The night for programs: a file is sent, its run is watched, its rejects are fetched."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.reverse import reverse

from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.core.parsing import JsonParser
from tellerdesk.files.responses import csv_response
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.uploads import SealedUploads
from tiering.models import NightlyRun
from tiering.selectors.rejects import rejects_name
from tiering.selectors.runs import RunReport, run_report, run_seen_by, runs_of
from tiering.services.rejects import hand_out_rejects
from tiering.services.sending import send_snapshot


class SnapshotIn(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, help_text="CSV (comma, tab or |) or XLSX; UTF-8 or GB18030")
    as_of = serializers.DateField()
    dry_run = serializers.BooleanField(required=False, default=False)


class RunError(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class RunStep(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(["done", "now", "wait", "failed"])
    percent = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)


class RunOut(serializers.Serializer):
    """Built from selectors.runs.RunReport. `tiers` counts all customers of the legal entity after the run."""

    id = serializers.IntegerField(source="run.pk")
    status = serializers.ChoiceField(RunStatus.choices, source="run.status")
    as_of = serializers.DateField(source="run.as_of")
    dry_run = serializers.BooleanField(source="run.dry_run")
    step = serializers.CharField(source="run.step")
    progress = serializers.IntegerField(help_text="percent of the whole run")
    steps = RunStep(many=True)
    rows = serializers.IntegerField(source="run.rows")
    accepted = serializers.IntegerField(source="run.accepted")
    rejected = serializers.IntegerField(source="run.rejected")
    changed = serializers.IntegerField(source="run.changed")
    missing = serializers.IntegerField(source="run.missing")
    assigned = serializers.IntegerField(source="run.assigned")
    unowned = serializers.IntegerField(source="run.unowned")
    moved_up = serializers.IntegerField(source="run.moved_up")
    moved_down = serializers.IntegerField(source="run.moved_down")
    moved_standing = serializers.BooleanField(
        source="run.moved_standing", help_text="false where a newer day was loaded already: only the day was filled"
    )
    tiers = serializers.DictField(child=serializers.IntegerField(), source="run.tiers")
    policy_version = serializers.IntegerField(source="run.policy_version", allow_null=True)
    rejects_by_code = serializers.DictField(child=serializers.IntegerField(), source="run.rejects_by_code")
    rejects_url = serializers.SerializerMethodField()
    error = RunError(allow_null=True)
    file_name = serializers.CharField(source="run.file_name")
    file_size = serializers.IntegerField(source="run.file_size")
    file_sha256 = serializers.CharField(source="run.file_sha256", allow_blank=True)
    started_by = serializers.CharField(
        source="run.started_by.username", default=None, allow_null=True, help_text="null: the command line"
    )
    queued_at = serializers.DateTimeField(source="run.queued_at")
    started_at = serializers.DateTimeField(source="run.started_at", allow_null=True)
    finished_at = serializers.DateTimeField(source="run.finished_at", allow_null=True)
    seconds = serializers.FloatField(source="run.seconds", allow_null=True)

    def get_rejects_url(self, report: RunReport) -> str | None:
        kept = report.run.rejected and report.run.rejects_stored
        return reverse("api_run_rejects", args=[report.run.pk]) if kept else None


class RunPage(serializers.Serializer):
    results = RunOut(many=True)
    next = serializers.CharField(allow_null=True)


class RunFilter(serializers.Serializer):
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**63 - 1)


class Snapshots(SealedUploads, ApiView):
    permission = "tiering.load_snapshots"
    parser_classes = [MultiPartParser, JsonParser]

    @extend_schema(request={"multipart/form-data": SnapshotIn}, responses={202: RunOut})
    def post(self, request):
        sent = SnapshotIn(data=request.data)
        sent.is_valid(raise_exception=True)
        typed = sent.validated_data
        run = send_snapshot(upload=typed["file"], as_of=typed["as_of"], dry_run=typed["dry_run"], by=request.user)
        return Response(body(run), status.HTTP_202_ACCEPTED)


class Runs(ApiView):
    """The newest first."""

    permission = "tiering.load_snapshots"

    @extend_schema(operation_id="tiering_runs_list", parameters=[OpenApiParameter("after", int)], responses=RunPage)
    def get(self, request):
        asked = RunFilter(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows, following = keyset_page(runs_of(request.user), after=asked.validated_data["after"])
        return page_response(request, [body(run) for run in rows], following)


class Run(ApiView):
    permission = "tiering.load_snapshots"

    @extend_schema(responses=RunOut)
    def get(self, request, pk):
        return Response(body(found_run(request, pk)))


class RunRejects(ApiView):
    """The rejected lines as they were sent, with line, code and message: correct them and send them again."""

    permission = "tiering.load_snapshots"

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        run = found_run(request, pk)
        pieces = hand_out_rejects(run=run, by=request.user)
        if pieces is None:
            raise Http404
        return csv_response(rejects_name(run), pieces)


def found_run(request, pk: int) -> NightlyRun:
    run = run_seen_by(request.user, pk)
    if run is None:
        raise Http404
    return run


def body(run: NightlyRun) -> dict:
    return RunOut(run_report(run)).data
