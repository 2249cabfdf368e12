"""Customer files for programs: a file is sent, its import watched, its rejects fetched."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api.reading import validated
from customers.import_messages import failure_message
from customers.models import CustomerImport
from customers.selectors.imports import imports_seen_by, rejects_name
from customers.services import import_checked, send_customer_file
from tellerdesk.core.api import ApiView, keyset_page, page_response
from tellerdesk.files.api import FileRunOut, RunFilter, UploadField
from tellerdesk.files.responses import rejects_response
from tellerdesk.files.uploads import SealedUploads

IMPORT = "customers.import_customers"


class CustomerFileIn(serializers.Serializer):
    file = UploadField()
    dry_run = serializers.BooleanField(required=False, default=False)


class ImportOut(FileRunOut):
    rejects_view = "api_customer_import_rejects"

    issued = serializers.IntegerField(help_text="customers who got a number of ours")
    warnings = serializers.SerializerMethodField()
    checked_by = serializers.IntegerField(source="checked_by_id", allow_null=True, help_text="the dry run of this file")

    @staticmethod
    def get_warnings(run: CustomerImport) -> dict[str, int]:
        return {code: count for code, (count, _lines) in run.warnings.items()}

    def error_message(self, run: CustomerImport) -> str:
        return failure_message(run.error_code, run.error_detail)


class ImportPage(serializers.Serializer):
    results = ImportOut(many=True)
    next = serializers.CharField(allow_null=True)


class CustomerImports(SealedUploads, ApiView):
    permission = IMPORT

    @extend_schema(parameters=[OpenApiParameter("after", int)], responses=ImportPage)
    def get(self, request):
        typed = validated(RunFilter, request, data=request.query_params)
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
        return rejects_response(run, rejects_name(run), by=request.user)


def found_import(request, pk: int) -> CustomerImport:
    return get_object_or_404(imports_seen_by(request.user), pk=pk)
