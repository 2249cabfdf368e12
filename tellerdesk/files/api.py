"""A file and its run as every interface tells them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from tellerdesk.files.errors import FileRefused
from tellerdesk.files.runs import FileRun, RunStatus


class UploadField(serializers.FileField):
    def __init__(self, **options):
        super().__init__(allow_empty_file=True, help_text="CSV (comma, tab or |) or XLSX; UTF-8 or GB18030", **options)

    def to_internal_value(self, data):
        file = super().to_internal_value(data)
        try:
            file.check()
        except FileRefused as refusal:
            raise serializers.ValidationError(refusal.as_dict()["message"], code=refusal.code) from refusal
        return file


class RunFilter(serializers.Serializer):
    after = serializers.IntegerField(required=False, default=None, min_value=1, max_value=2**63 - 1)


class RunError(serializers.Serializer):
    """Why the file was refused as a whole, or what stopped the run."""

    code = serializers.CharField()
    message = serializers.CharField()
    context = serializers.DictField()


class FileRunOut(serializers.Serializer):
    """Of a FileRun. `rejects_view` names the address of its rejects, `error_message` says its error in words."""

    rejects_view = ""

    id = serializers.IntegerField(source="pk")
    status = serializers.ChoiceField(RunStatus.choices)
    dry_run = serializers.BooleanField()
    step = serializers.CharField()
    progress = serializers.SerializerMethodField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    changed = serializers.IntegerField()
    rejects_by_code = serializers.DictField(child=serializers.IntegerField())
    rejects_url = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    file_name = serializers.CharField()
    file_size = serializers.IntegerField()
    file_sha256 = serializers.CharField(allow_blank=True)
    started_by = serializers.CharField(
        source="started_by.username", default=None, allow_null=True, help_text="null: the command line"
    )
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField(allow_null=True)

    def get_progress(self, run: FileRun) -> int:
        return run.progress

    def get_rejects_url(self, run: FileRun) -> str | None:
        return reverse(self.rejects_view, args=[run.pk]) if run.rejects_stored else None

    @extend_schema_field(RunError(allow_null=True))
    def get_error(self, run: FileRun) -> dict | None:
        if not run.error_code:
            return None
        return {"code": run.error_code, "message": self.error_message(run), "context": run.error_detail}

    def error_message(self, run: FileRun) -> str:
        raise NotImplementedError
