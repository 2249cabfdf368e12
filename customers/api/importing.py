"""Customer files for programs: a file is sent, its import watched, its rejects fetched."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.reverse import reverse

from customers.api.reading import validated
from customers.import_messages import failure_message
from customers.models import CustomerImport
from customers.selectors.imports import import_seen_by, imports_seen_by, rejects_name
from customers.services import download_rejects, import_checked, send_customer_file
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.files.responses import csv_response
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.uploads import SealedUploads

IMPORT = "customers.import_customers"


class CustomerFileIn(serializers.Serializer):
    """An empty file is refused by the service, with its own code."""

    file = serializers.FileField(allow_empty_file=True, help_text="CSV (comma, tab or |) or XLSX; UTF-8 or GB18030")
    dry_run = serializers.BooleanField(required=False, default=False)


class ImportOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    status = serializers.ChoiceField(RunStatus.choices)
    dry_run = serializers.BooleanField()
    step = serializers.CharField()
    progress = serializers.IntegerField(help_text="percent of the step")
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    issued = serializers.IntegerField(help_text="customers who got a number of ours")
    rejects_by_code = serializers.DictField(child=serializers.IntegerField())
    rejects_url = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    error_code = serializers.CharField(allow_blank=True)
    error_message = serializers.SerializerMethodField()
    error_detail = serializers.DictField()
    file_name = serializers.CharField()
    file_size = serializers.IntegerField()
    file_sha256 = serializers.CharField()
    checked_by = serializers.IntegerField(source="checked_by_id", allow_null=True, help_text="the dry run of this file")
    started_by = serializers.CharField(source="started_by.username")
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_rejects_url(self, run: CustomerImport) -> str | None:
        return reverse("api_customer_import_rejects", args=[run.pk]) if run.rejects_stored else None

    @staticmethod
    def get_warnings(run: CustomerImport) -> dict[str, int]:
        return {code: count for code, (count, _lines) in run.warnings.items()}

    @staticmethod
    def get_error_message(run: CustomerImport) -> str:
        return failure_message(run.error_code, run.error_detail) if run.error_code else ""


class ImportPage(serializers.Serializer):
    results = ImportOut(many=True)
    next = serializers.CharField(allow_null=True)


class ImportFilter(serializers.Serializer):
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**63 - 1)


class CustomerImports(SealedUploads, ApiView):
    permission = IMPORT

    @extend_schema(parameters=[OpenApiParameter("after", int)], responses=ImportPage)
    def get(self, request):
        typed = validated(ImportFilter, request, data=request.query_params)
        rows, following = keyset_page(imports_seen_by(request.user), after=typed["after"])
        return page_response(request, ImportOut(rows, many=True).data, following)

    @extend_schema(request={"multipart/form-data": CustomerFileIn}, responses={202: ImportOut})
    def post(self, request):
        typed = validated(CustomerFileIn, request)
        run = send_customer_file(upload=typed["file"], dry_run=typed["dry_run"], by=request.user)
        return Response(ImportOut(run).data, status.HTTP_202_ACCEPTED)


class CustomerImportDetail(ApiView):
    permission = IMPORT

    @extend_schema(responses=ImportOut)
    def get(self, request, pk):
        return Response(ImportOut(found_import(request, pk)).data)


class CustomerImportNow(ApiView):
    """The file of a dry run, without sending it again."""

    permission = IMPORT

    @extend_schema(request=None, responses={202: ImportOut})
    def post(self, request, pk):
        run = import_checked(checked=found_import(request, pk), by=request.user)
        return Response(ImportOut(run).data, status.HTTP_202_ACCEPTED)


class CustomerImportRejects(ApiView):
    """The rejected lines as they were sent, with line, code and message: correct them and send them again."""

    permission = IMPORT

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    def get(self, request, pk):
        run = found_import(request, pk)
        pieces = download_rejects(run=run, by=request.user)
        if pieces is None:
            raise Http404
        return csv_response(rejects_name(run), pieces)


def found_import(request, pk: int) -> CustomerImport:
    run = import_seen_by(request.user, pk)
    if run is None:
        raise Http404
    return run
