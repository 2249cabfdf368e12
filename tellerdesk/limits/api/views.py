from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from tellerdesk.core.api import ApiView
from tellerdesk.limits.api import serializers as wire
from tellerdesk.limits.models import LimitChange
from tellerdesk.limits.registry import LIMITS
from tellerdesk.limits.selectors import found_change, limit_lines
from tellerdesk.limits.services import approve_limit, ask_for_limit, reject_limit, withdraw_limit


class Limits(ApiView):
    """Every limit with its value in force, its range and the change that waits."""

    permission = "limits.read_limits"

    @extend_schema(responses=wire.LimitsOut)
    def get(self, request):
        return Response(wire.LimitsOut({"results": limit_lines(request.user.legal_entity_id)}).data)


class LimitChanges(ApiView):
    permission = "limits.change_limits"

    @extend_schema(request=wire.LimitChangeIn, responses={201: wire.LimitChangeOut})
    def post(self, request, name):
        if name not in LIMITS:
            raise Http404
        typed = wire.LimitChangeIn(data=request.data)
        typed.is_valid(raise_exception=True)
        change = ask_for_limit(name=name, **typed.validated_data, by=request.user)
        return Response(wire.LimitChangeOut(change).data, status.HTTP_201_CREATED)


class ApproveLimitChange(ApiView):
    permission = "limits.approve_limits"

    @extend_schema(request=None, responses=wire.LimitChangeOut)
    def post(self, request, pk):
        change = approve_limit(change=change_or_404(request, pk), by=request.user)
        return Response(wire.LimitChangeOut(change).data)


class RejectLimitChange(ApiView):
    permission = "limits.approve_limits"

    @extend_schema(request=wire.ReturnIn, responses=wire.LimitChangeOut)
    def post(self, request, pk):
        typed = wire.ReturnIn(data=request.data)
        typed.is_valid(raise_exception=True)
        change = reject_limit(change=change_or_404(request, pk), **typed.validated_data, by=request.user)
        return Response(wire.LimitChangeOut(change).data)


class WithdrawLimitChange(ApiView):
    permission = "limits.change_limits"

    @extend_schema(request=None, responses=wire.LimitChangeOut)
    def post(self, request, pk):
        change = withdraw_limit(change=change_or_404(request, pk), by=request.user)
        return Response(wire.LimitChangeOut(change).data)


def change_or_404(request, pk: int) -> LimitChange:
    change = found_change(request.user, pk)
    if change is None:
        raise Http404
    return change
