"""80/20 for programs."""

from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView
from tellerdesk.staff.own_writes import from_replica
from tiering.api.concentration_serializers import ConcentrationIn, ConcentrationOut
from tiering.api.scoping import found_scope
from tiering.rules.indicators import Rate
from tiering.selectors.concentration import concentration_of, owner_of, parts_by_branch, parts_by_owner


class ConcentrationView(ApiView):
    """How many customers bring 80 % of the money."""

    permission = "tiering.view_tiers"

    @extend_schema(parameters=[ConcentrationIn], responses=ConcentrationOut)
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(ConcentrationIn, request, data=request.query_params)
        scope, named = found_scope(request.user, typed), typed["owner"].strip()
        owner = owner_of(scope, named) if named else None
        if named and owner is None:
            raise Http404
        found = concentration_of(scope, owner)
        heads = [vars(each) | {"share_pct": Rate(each.aum, found.aum).pct} for each in found.heads]
        body = vars(found) | {
            "branch": scope.branch.code,
            "bringing_pct": Rate(found.bringing, found.customers).pct,
            "heads": heads,
            "branches": parts_by_branch(scope) if scope.with_those_below and not owner else [],
            "owners": [] if owner or scope.own else parts_by_owner(scope),
        }
        return Response(ConcentrationOut(body).data)
