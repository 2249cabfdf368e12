"""The rollout plan for programs."""

from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.core.errors import NotPermitted
from tellerdesk.staff.own_writes import from_replica
from tiering.api.exact import ExactReasonIn, ExactSerializer
from tiering.api.fields import WireDate
from tiering.api.rosters import branch_named
from tiering.enums import RolloutStepKind
from tiering.rules.rollout import StepState
from tiering.selectors.rollout import rollout_of, rollouts
from tiering.selectors.roster_page import KEEP_ROSTERS, roster_branches
from tiering.services.rollout import BRANCHS_OWN, PLAN, PlannedDays, complete_step, plan_rollout, undo_step

MOST_BRANCHES = 3000


class StepOut(serializers.Serializer):
    step = serializers.IntegerField()
    due_on = serializers.DateField(source="row.due_on")
    done_on = serializers.DateField(source="row.done_on", allow_null=True)
    done_by = serializers.CharField(source="row.done_by.username", allow_null=True, default=None)
    state = serializers.ChoiceField([each.value for each in StepState], source="state.value")
    days_over = serializers.IntegerField()
    waits_for = serializers.ListField(child=serializers.IntegerField())


class RolloutOut(serializers.Serializer):
    """`go_live_on` null and no steps where nothing is planned; `unowned`: in a band and nobody's."""

    branch = serializers.CharField(source="branch.code")
    name = serializers.CharField(source="branch.name")
    go_live_on = serializers.DateField(source="plan.go_live_on", allow_null=True, default=None)
    steps = StepOut(many=True)
    unowned = serializers.IntegerField()


class RolloutPage(serializers.Serializer):
    results = RolloutOut(many=True)
    next = serializers.CharField(allow_null=True)


class DaysIn(ExactSerializer):
    rosters_due_on = WireDate()
    system_due_on = WireDate()
    users_due_on = WireDate()
    go_live_on = WireDate()


class Rollouts(ApiView):
    """All branches in view, in the order of the tree."""

    permission = KEEP_ROSTERS

    @extend_schema(operation_id="tiering_rollout_list", responses=RolloutPage)
    @method_decorator(from_replica)
    def get(self, request):
        found = rollouts(roster_branches(request.user), size=MOST_BRANCHES)
        return page_response(request, RolloutOut(found, many=True).data, None)


class BranchRollout(ApiView):
    """Head office sets the days; steps that are done stay done."""

    permissions = {"GET": KEEP_ROSTERS, "POST": PLAN}

    @extend_schema(responses=RolloutOut)
    @method_decorator(from_replica)
    def get(self, request, code):
        return Response(RolloutOut(rollout_of(branch_named(request, code))).data)

    @extend_schema(request=DaysIn, responses=RolloutOut)
    def post(self, request, code):
        branch = branch_named(request, code)
        typed = validated(DaysIn, request)
        plan_rollout(branches=[branch], days=PlannedDays(**typed), by=request.user)
        return Response(RolloutOut(rollout_of(branch)).data)


class StepDone(ApiView):
    """1 and 4 by whoever keeps the roster, 2 and 3 by head office."""

    permission = KEEP_ROSTERS

    @extend_schema(request=None, responses=RolloutOut)
    def post(self, request, code, step):
        branch, kind = branch_named(request, code), kind_of(step)
        if kind not in BRANCHS_OWN and not request.user.has_perm(PLAN):
            raise NotPermitted(PLAN)
        complete_step(branch=branch, step=kind, by=request.user)
        return Response(RolloutOut(rollout_of(branch)).data)


class StepUndone(ApiView):
    permission = PLAN

    @extend_schema(request=ExactReasonIn, responses=RolloutOut)
    def post(self, request, code, step):
        branch, kind = branch_named(request, code), kind_of(step)
        typed = validated(ExactReasonIn, request)
        undo_step(branch=branch, step=kind, reason=typed["reason"], by=request.user)
        return Response(RolloutOut(rollout_of(branch)).data)


def kind_of(step: int) -> RolloutStepKind:
    if step not in RolloutStepKind.values:
        raise Http404
    return RolloutStepKind(step)
