"""What every API view shares: one gate, lists by keyset."""

from django.db.models import Q
from rest_framework.response import Response
from rest_framework.views import APIView

from tellerdesk.core.access import ApiGate

PAGE_SIZE = 50


class ApiView(APIView):
    """`permission` names what every method needs, `permissions` what single methods need (core.access)."""

    permission_classes = [ApiGate]


def keyset_page(queryset, *, after: str | None, size: int = PAGE_SIZE, by: str = "pk") -> tuple[list, str | None]:
    """Rows after the key `after` in descending order of `by`, and the key to go on with; no OFFSET, no count.

    The key is the id whatever the order: of one value of `by` the later row comes first.
    """
    if after:
        queryset = not_before(queryset, after, by=by).exclude(pk=after)
    rows = list(queryset.order_by(*dict.fromkeys((f"-{by}", "-pk")))[: size + 1])
    following = str(rows[size - 1].pk) if len(rows) > size else None
    return rows[:size], following


def not_before(queryset, key, *, by: str = "pk"):
    """The row of that key and all that follow it in descending order of `by`; none where no row has the key."""
    if by == "pk":
        return queryset.filter(pk__lte=key)
    value = queryset.order_by().filter(pk=key).values_list(by, flat=True).first()
    return queryset.filter(Q(**{f"{by}__lt": value}) | Q(**{by: value, "pk__lte": key})) if value else queryset.none()


def page_response(request, rows: list, following: str | None) -> Response:
    """`{results, next}`; `next` is the address of the following page or null."""
    if following is None:
        return Response({"results": rows, "next": None})
    query = request.query_params.copy()
    query["after"] = following
    return Response({"results": rows, "next": f"{request.path}?{query.urlencode()}"})
