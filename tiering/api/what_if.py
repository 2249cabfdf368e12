"""试算 for programs: what a version of the policy would move on the newest day, and the customers behind it."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import TypedText
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.core.moments import one_moment
from tiering.api.fields import MoneyOut
from tiering.api.serializers import TierCode
from tiering.enums import Tier
from tiering.jobs.what_if_lists import Wanted, listing_of, page
from tiering.selectors.policies import policy_numbered
from tiering.selectors.scope import branch_ids_of, scope_of
from tiering.services.trying import WhatIf, trial_of, try_policy

TRY = "tiering.try_policy"
LARGEST_VERSION = 2**31 - 1
MOST_LOADS = 500


class CountOut(serializers.Serializer):
    customers = serializers.IntegerField()
    aum = MoneyOut()


class DemandOut(serializers.Serializer):
    """`then` of `customers`, `unowned` of them with nobody; `capacity` of the roster, null where there is none."""

    tier = TierCode()
    customers = serializers.IntegerField()
    then = serializers.IntegerField()
    unowned = serializers.IntegerField()
    capacity = serializers.IntegerField(allow_null=True)
    short = serializers.IntegerField()


class BranchOut(serializers.Serializer):
    branch = serializers.CharField(source="branch.code")
    name = serializers.CharField(source="branch.name")
    up = CountOut()
    down = CountOut()
    entered = CountOut()
    left = CountOut()
    lost = serializers.IntegerField(help_text="have an owner whom the policy names now, and would have none")
    demand = DemandOut(many=True)


class LoadOut(serializers.Serializer):
    """`leaving` of `customers` would be in a tier that does not name the position; `over`: above capacity."""

    staff = serializers.CharField(source="staff.username")
    name = serializers.CharField(source="staff.name")
    position = serializers.CharField()
    branch = serializers.CharField(source="branch.code")
    customers = serializers.IntegerField()
    leaving = serializers.IntegerField()
    remaining = serializers.IntegerField()
    capacity = serializers.IntegerField(allow_null=True)
    over = serializers.IntegerField()
    over_then = serializers.IntegerField()


# {from: {to: CountOut}}, by the codes of tiers.
COUNT = {"$ref": "#/components/schemas/CountOut"}
MOVEMENT = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": COUNT}}


class WhatIfOut(serializers.Serializer):
    """Over the whole legal entity. `method`: `cells` or `lines`, both exact. `load`: whoever gives up most, at most 500
    of `load_lines`.
    """

    as_of = serializers.DateField()
    policy_version = serializers.IntegerField(source="version")
    present_version = serializers.IntegerField()
    method = serializers.ChoiceField(["cells", "lines"])
    seconds = serializers.FloatField()
    matrix_seconds = serializers.FloatField()
    total = CountOut()
    moved = CountOut()
    lost = CountOut()
    to_deal = serializers.IntegerField()
    movement = serializers.SerializerMethodField()
    branches = BranchOut(many=True)
    load = serializers.SerializerMethodField()
    load_lines = serializers.SerializerMethodField()

    @extend_schema_field(MOVEMENT)
    def get_movement(self, found: WhatIf) -> dict[str, dict[str, CountOut]]:
        body: dict[str, dict] = {}
        for (before, then), count in sorted(found.movement.items(), reverse=True):
            body.setdefault(before.code, {})[then.code] = CountOut(count).data
        return body

    def get_load(self, found: WhatIf) -> LoadOut(many=True):
        return LoadOut(found.load[:MOST_LOADS], many=True).data

    def get_load_lines(self, found: WhatIf) -> int:
        return len(found.load)


class MovedOut(serializers.Serializer):
    """Names are masked."""

    customer_number = serializers.CharField()
    name = serializers.CharField()
    branch = serializers.CharField(source="branch_code")
    aum = MoneyOut()
    from_tier = TierCode()
    to_tier = TierCode()
    owners = serializers.ListField(child=serializers.CharField())


class MovedPage(serializers.Serializer):
    results = MovedOut(many=True)
    next = serializers.CharField(allow_null=True)


class MovedFilter(serializers.Serializer):
    to = TierCode(required=False, default=None)
    branch = TypedText(required=False, default="")
    lost = serializers.BooleanField(required=False, default=False)
    after = TypedText(required=False, default="")

    def get_fields(self):
        return super().get_fields() | {"from": TierCode(required=False, default=None)}


class WhatIfView(ApiView):
    """Nothing is written and nobody is moved."""

    permission = TRY

    @extend_schema(operation_id="tiering_policy_what_if", request=None, responses=WhatIfOut)
    def post(self, request, version):
        return Response(WhatIfOut(try_policy(draft=version_of(request, version), by=request.user)).data)


class WhatIfCustomers(ApiView):
    """Who would move, the largest assets first; `lost`: who would lose the owner that the policy names."""

    permission = TRY

    @extend_schema(
        operation_id="tiering_policy_what_if_customers",
        parameters=[
            OpenApiParameter("from", str, enum=[each.code for each in Tier]),
            OpenApiParameter("to", str, enum=[each.code for each in Tier]),
            OpenApiParameter("branch", str, description="and those below; the caller's own where none is given"),
            OpenApiParameter("lost", bool),
            OpenApiParameter("after", str),
        ],
        responses=MovedPage,
    )
    def get(self, request, version):
        typed = validated(MovedFilter, request, data=request.query_params)
        draft, scope = version_of(request, version), scope_of(request.user, code=typed["branch"].strip())
        if scope is None:
            raise Http404
        with one_moment():
            wanted = Wanted(typed["from"], typed["to"], branch_ids_of(scope), typed["lost"])
            listing = listing_of(trial_of(draft, by=request.user), wanted)
            lines, following = page(listing, typed["after"])
        return page_response(request, MovedOut(lines, many=True).data, following)


def version_of(request, version: int):
    """404 for one that is not there, and another legal entity's."""
    found = policy_numbered(request.user, version) if version <= LARGEST_VERSION else None
    if found is None:
        raise Http404
    return found.rules
