"""What every API view shares: one gate, lists by keyset."""

from rest_framework.response import Response
from rest_framework.views import APIView

from tellerdesk.core.access import ApiGate

PAGE_SIZE = 50


class ApiView(APIView):
    """`permission` names what every method needs, `permissions` what single methods need (core.access)."""

    permission_classes = [ApiGate]


def keyset_page(queryset, *, after: str | None, size: int = PAGE_SIZE, key: str = "pk") -> tuple[list, str | None]:
    """Rows after the key `after` in descending order, and the key to go on with; no OFFSET, no count."""
    if after:
        queryset = queryset.filter(**{f"{key}__lt": after})
    rows = list(queryset.order_by(f"-{key}")[: size + 1])
    following = str(getattr(rows[size - 1], key)) if len(rows) > size else None
    return rows[:size], following


def page_response(request, rows: list, following: str | None) -> Response:
    """`{results, next}`; `next` is the address of the following page or null."""
    if following is None:
        return Response({"results": rows, "next": None})
    query = request.query_params.copy()
    query["after"] = following
    return Response({"results": rows, "next": f"{request.path}?{query.urlencode()}"})
