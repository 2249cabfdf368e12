"""The history of one customer for programs: one timeline, given by strand; `next` goes on where all of them stop."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.views import found_customer
from customers.enums import HistoryKind
from customers.forms.listing import HistoryFilter
from customers.selectors.history import asked_of, history_page
from tellerdesk.core.api import ApiView

FILTERS = ("kind", "person", "since", "until", "after")


class LookOut(serializers.Serializer):
    at = serializers.DateTimeField()
    staff = serializers.CharField(source="username")
    branch = serializers.CharField()
    key = serializers.CharField(help_text="masked")
    reason = serializers.CharField()
    customer_number = serializers.CharField(source="about", help_text="of a number merged into this one")


class EventOut(serializers.Serializer):
    """`maker`, `checker` and `reason` are those of the request that the act carried out, decided on or made."""

    at = serializers.DateTimeField()
    staff = serializers.CharField(source="username")
    action = serializers.CharField()
    sentence = serializers.CharField()
    changes = serializers.DictField()
    maker = serializers.CharField(source="approval.maker_username", default=None, allow_null=True)
    checker = serializers.SerializerMethodField()
    kind = serializers.CharField(source="approval.kind", default=None, allow_null=True)
    status = serializers.CharField(source="approval.status", default=None, allow_null=True)
    reason = serializers.SerializerMethodField()
    customer_number = serializers.CharField(source="about", help_text="of a number merged into this one")

    def get_checker(self, line) -> str | None:
        return line.approval.checker_username or None if line.approval else None

    def get_reason(self, line) -> str:
        return line.reason or (line.approval.reason if line.approval else "")


class HistoryOut(serializers.Serializer):
    changes = EventOut(many=True)
    looks = LookOut(many=True)
    checks = EventOut(many=True)
    receipts = EventOut(many=True)
    standing = EventOut(many=True)
    next = serializers.CharField(allow_null=True)


class CustomerHistory(ApiView):
    permission = "customers.look_up"

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in FILTERS], responses=HistoryOut)
    def get(self, request, customer_number):
        customer = found_customer(request, customer_number)
        conditions = HistoryFilter(request.query_params).conditions_or_refused()
        page = history_page(asked_of(customer, after=request.query_params.get("after", ""), **conditions))
        strands = {kind.value: [line for line in page.lines if line.kind == kind] for kind in HistoryKind}
        return Response(HistoryOut(strands | {"next": address_of_next(request, page.following)}).data)


def address_of_next(request, following: str | None) -> str | None:
    if following is None:
        return None
    query = request.query_params.copy()
    query["after"] = following
    return f"{request.path}?{query.urlencode()}"
