from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.views import found_customer
from tellerdesk.core.ages import age_on
from tellerdesk.core.api import ApiView
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.own_writes import from_replica
from tiering.api import serializers as wire
from tiering.api.scoping import found_scope
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.policy import Policy
from tiering.selectors.board import board_of
from tiering.selectors.policies import policy_in_force, policy_numbered
from tiering.selectors.scope import may_set_owners
from tiering.selectors.standing import customer_tier, owed_of, owner_history, tier_steps
from tiering.services import set_owners

FACTS = (
    "aum",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "card_level",
    "admission_private_wealth",
    "admission_wealth_management",
)


class Evaluate(ApiView):
    permission = "tiering.evaluate"

    @extend_schema(request=wire.EvaluateIn, responses=wire.EvaluateOut)
    def post(self, request):
        typed = validated(wire.EvaluateIn, request)
        as_of = typed["as_of"] or today()
        policy = chosen_policy(request.user, typed["policy"], as_of)
        facts = Facts(age=age_of(typed, as_of), **{name: typed[name] for name in FACTS})
        found = evaluate(facts, policy)
        body = {
            "tier": found.tier,
            "in_scope": found.in_scope,
            "reasons": [reason.code for reason in found.reasons],
            "required_owner_positions": policy.positions(found.tier),
            "policy_version": policy.version,
        }
        return Response(wire.EvaluateOut(body).data)


def chosen_policy(staff, version: int | None, as_of) -> Policy:
    if version is None:
        return policy_in_force(staff.legal_entity_id, as_of)
    row = policy_numbered(staff, version)
    if row is None:
        raise FieldErrors({"policy": [("unknown_policy", _("There is no such version of the policy."))]})
    return row.rules


def age_of(typed: dict, as_of) -> int | None:
    born, age = typed["birth_date"], typed["age"]
    if born is None:
        return age
    if born > as_of:
        raise FieldErrors({"birth_date": [("future", _("The birth date lies after the day."))]})
    if age is not None and age != age_on(born, as_of):
        raise FieldErrors({"age": [("age_mismatch", _("The birth date says otherwise."))]})
    return age_on(born, as_of)


class Dashboard(ApiView):
    permission = "tiering.view_tiers"

    @extend_schema(
        parameters=[
            OpenApiParameter("branch", str, description="the caller's own where none is given"),
            OpenApiParameter("as_of", str, description="YYYY-MM-DD; the last loaded day up to it"),
            OpenApiParameter("below", bool, description="with the branches below (the default)"),
        ],
        responses=wire.BoardOut,
    )
    @method_decorator(from_replica)
    def get(self, request):
        typed = validated(wire.BoardFilter, request, data=request.query_params)
        scope = found_scope(request.user, typed)
        return Response(wire.BoardOut(board_of(scope, as_of=typed["as_of"])).data)


class CustomerTier(ApiView):
    permission = "customers.look_up"

    @extend_schema(responses=wire.CustomerTierOut)
    @method_decorator(from_replica)
    def get(self, request, customer_number):
        return Response(tier_body(found_customer(request, customer_number)))


class CustomerOwners(ApiView):
    permission = "tiering.set_owners"

    @extend_schema(request=wire.OwnersIn, responses=wire.CustomerTierOut)
    def post(self, request, customer_number):
        typed = validated(wire.OwnersIn, request)
        customer = found_customer(request, customer_number)
        if not may_set_owners(request.user, customer_tier(customer).branch):
            raise Http404
        set_owners(customer=customer, **typed, by=request.user)
        return Response(tier_body(customer))


def tier_body(customer) -> dict:
    standing = customer_tier(customer)
    body = wire.StandingOut(standing).data
    body |= {"owed": wire.OwedOwnersOut(owed_of(standing, today())).data}
    steps = wire.TierStepOut(tier_steps(customer), many=True).data
    owners = wire.FormerOwnerOut(owner_history(customer), many=True).data
    lines = [(line["as_of"], line) for line in steps] + [(line["since"], line) for line in owners]
    return body | {"history": [line for _day, line in sorted(lines, key=lambda each: each[0], reverse=True)]}
