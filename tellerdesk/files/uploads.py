"""Uploads go from the connection straight into sealed storage: no byte of them stands on the disk in clear."""

from functools import wraps

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from rest_framework.parsers import MultiPartParser

from tellerdesk.core.parsing import JsonParser
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.storage import LARGEST, Stored, StoredWriter, forget

NOTHING = Stored("", 0, "")


class SealedUpload(UploadedFile):
    """A file that arrived. Whoever wants to keep it takes it; otherwise it is forgotten when the request ends."""

    def __init__(self, stored: Stored, *, too_large: bool, name: str, content_type: str):
        super().__init__(None, name, content_type, stored.size)
        self.stored = stored
        self.too_large = too_large
        self.taken = False

    def take(self) -> Stored:
        """Raises FileRefused."""
        self.check()
        self.taken = True
        return self.stored

    def check(self) -> None:
        """Raises FileRefused: empty_file, too_large."""
        if self.too_large:
            raise FileRefused("too_large", megabytes=LARGEST // 1024**2)
        if not self.size:
            raise FileRefused("empty_file", line=1)

    def close(self) -> None:
        if not self.taken:
            forget(self.stored.name)


class SealedUploadHandler(FileUploadHandler):
    """What goes beyond the limit is read and dropped, so that the sender gets an answer.

    A request of more than twice the limit is not read beyond the head of its file, which is in `refused` by its field:
    whoever reads the request adds it to the files.
    """

    chunk_size = 1024 * 1024

    def __init__(self, request=None):
        super().__init__(request)
        self.refused: dict[str, SealedUpload] = {}

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's
        self.is_endless = content_length > 2 * LARGEST

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        if self.is_endless:
            self.refused[self.field_name] = SealedUpload(
                NOTHING, too_large=True, name=self.file_name, content_type=self.content_type
            )
            raise StopUpload(connection_reset=True)
        self.writer, self.received = StoredWriter(), 0

    def receive_data_chunk(self, raw_data, start):
        self.received += len(raw_data)
        if self.received <= LARGEST:
            self.writer.write(raw_data)

    def file_complete(self, file_size):
        return SealedUpload(
            self.writer.close(),
            too_large=self.received > LARGEST,
            name=self.file_name,
            content_type=self.content_type,
        )

    def upload_interrupted(self):
        if hasattr(self, "writer"):
            self.writer.abandon()


def sealed_uploads(view):
    """For a page with a file field, inside `requires`: the middleware's check would read the body before the view."""

    @csrf_exempt
    @wraps(view)
    def receiving(request, *args, **kwargs):
        handler = SealedUploadHandler(request)
        request.upload_handlers = [handler]
        return csrf_protect(_with_refused(view, handler))(request, *args, **kwargs)

    return receiving


def _with_refused(view, handler: SealedUploadHandler):
    def received(request, *args, **kwargs):
        request.FILES.update(handler.refused)
        return view(request, *args, **kwargs)

    return received


class SealedMultiPartParser(MultiPartParser):
    def parse(self, stream, media_type=None, parser_context=None):
        parsed = super().parse(stream, media_type, parser_context)
        for handler in parser_context["request"].upload_handlers:
            parsed.files.update(handler.refused)
        return parsed


class SealedUploads:
    """The same for an interface view: put it before ApiView."""

    parser_classes = [SealedMultiPartParser, JsonParser]  # JSON has no file, which the view then says

    def initialize_request(self, request, *args, **kwargs):
        request.upload_handlers = [SealedUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)
