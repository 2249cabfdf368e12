from collections.abc import Iterable

from django.http import Http404, StreamingHttpResponse

from tellerdesk.files.rejects import hand_out_rejects
from tellerdesk.files.runs import FileRun


def csv_response(file_name: str, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    """A download in constant memory; `file_name` in ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def rejects_response(run: FileRun, file_name: str, *, by) -> StreamingHttpResponse:
    """404 where there are none, or none any more."""
    pieces = hand_out_rejects(run=run, by=by)
    if pieces is None:
        raise Http404
    return csv_response(file_name, pieces)
