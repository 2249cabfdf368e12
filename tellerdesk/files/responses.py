from collections.abc import Iterable

from django.http import StreamingHttpResponse


def csv_response(file_name: str, pieces: Iterable[bytes]) -> StreamingHttpResponse:
    """A download in constant memory; `file_name` in ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
