"""升级意愿 and 引荐 for programs."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import LineText, TypedText
from customers.api.views import found_customer
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import NotPermitted
from tellerdesk.files.api import RunFilter
from tiering.api.exact import ExactSerializer
from tiering.api.fields import MoneyOut
from tiering.api.scoping import found_scope
from tiering.api.serializers import CustomerTierOut, TierCode
from tiering.api.views import tier_body
from tiering.enums import UpgradeStatus
from tiering.selectors.adoption import may_adopt_at
from tiering.selectors.scope import SET_OWNERS, may_set_owners
from tiering.selectors.specialists import may_refer, referral_in_reach, referrals_of
from tiering.selectors.standing import customer_tier
from tiering.selectors.upgrades import CHOICE, case_in_view, case_lines, open_cases, page_of_cases
from tiering.services.claiming import claim
from tiering.services.referring import end_referral, refer
from tiering.services.upgrade_choices import record_change, record_stay


class CaseOut(serializers.Serializer):
    """`owner` is the present one, `days` since it opened; `new_owner` where the customer chose another."""

    id = serializers.IntegerField(source="case.pk")
    customer_number = serializers.CharField()
    branch = serializers.CharField(source="case.branch.code")
    from_tier = TierCode()
    to_tier = TierCode()
    opened_on = serializers.DateField(source="case.opened_on")
    days = serializers.IntegerField()
    aum = MoneyOut()
    owner = serializers.CharField(source="owner.username", allow_null=True, default=None)
    status = serializers.ChoiceField(UpgradeStatus.choices, source="case.status")
    note = serializers.CharField(source="case.note", allow_blank=True)
    new_owner = serializers.CharField(source="case.new_owner.username", allow_null=True, default=None)
    decided_by = serializers.CharField(source="case.decided_by.username", allow_null=True, default=None)
    decided_on = serializers.DateField(source="case.decided_on", allow_null=True)
    may_choose = serializers.BooleanField(help_text="whether the caller may record the choice")


class CasePage(serializers.Serializer):
    results = CaseOut(many=True)
    next = serializers.CharField(allow_null=True)


class CaseFilter(RunFilter):
    branch = TypedText(required=False, default="")
    below = serializers.BooleanField(required=False, default=True)


class ChoiceIn(ExactSerializer):
    """`owner`, a staff number, only where the choice is `change`; that needs tiering.set_owners."""

    choice = serializers.ChoiceField(["stay", "change"])
    owner = TypedText(required=False, default="", max_length=150)
    note = LineText(required=False, default="")


class UpgradeCases(ApiView):
    """The open ones, the longest open first."""

    permission = "tiering.view_tiers"

    @extend_schema(
        operation_id="tiering_upgrade_cases_list",
        parameters=[OpenApiParameter("branch", str), OpenApiParameter("below", bool), OpenApiParameter("after", int)],
        responses=CasePage,
    )
    def get(self, request):
        typed = validated(CaseFilter, request, data=request.query_params)
        scope = found_scope(request.user, typed)
        rows, following = page_of_cases(open_cases(scope), typed["after"])
        lines = case_lines(rows, today(), request.user)
        return page_response(request, CaseOut(lines, many=True).data, following)


class UpgradeChoice(ApiView):
    permission = CHOICE

    @extend_schema(request=ChoiceIn, responses=CaseOut)
    def post(self, request, pk):
        typed = validated(ChoiceIn, request)
        case = case_in_view(request.user, pk)
        if case is None:
            raise Http404
        if typed["choice"] == "stay":
            record_stay(case=case, note=typed["note"], by=request.user)
        else:
            refuse_who_may_not_set(request.user, case)
            record_change(case=case, owner=typed["owner"], note=typed["note"], by=request.user)
        [line] = case_lines([case_in_view(request.user, pk) or case], today(), request.user)
        return Response(CaseOut(line).data)


def refuse_who_may_not_set(staff, case) -> None:
    """An owner who may set nobody records only that the customer stays."""
    if not staff.has_perm(SET_OWNERS):
        raise NotPermitted(SET_OWNERS)
    if not may_set_owners(staff, case.customer.tierassignment.branch):
        raise Http404


class CustomerClaim(ApiView):
    """A customer of the pool for oneself: in scope, in no band, nobody's. The first one wins."""

    permission = "tiering.adopt_customer"

    @extend_schema(request=None, responses=CustomerTierOut)
    def post(self, request, customer_number):
        customer = found_customer(request, customer_number)
        if not may_adopt_at(request.user, customer_tier(customer).branch):
            raise Http404
        claim(customers=[customer], by=request.user)
        return Response(tier_body(customer))


class ReferralIn(ExactSerializer):
    specialist = TypedText(allow_blank=False, max_length=150)
    note = LineText(required=False, default="")


class ReferralOut(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    specialist = serializers.CharField(source="specialist.username")
    name = serializers.CharField(source="specialist.name")
    position = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    referred_by = serializers.CharField(source="referred_by.username")


class ReferralsOut(serializers.Serializer):
    results = ReferralOut(many=True)


class CustomerReferrals(ApiView):
    permissions = {"GET": "customers.look_up", "POST": CHOICE}

    @extend_schema(responses=ReferralsOut)
    def get(self, request, customer_number):
        customer = found_customer(request, customer_number)
        return Response({"results": ReferralOut(referrals_of(customer), many=True).data})

    @extend_schema(request=ReferralIn, responses={201: ReferralOut})
    def post(self, request, customer_number):
        typed = validated(ReferralIn, request)
        customer = found_customer(request, customer_number)
        if not may_refer(request.user, customer_tier(customer)):
            raise Http404
        referral = refer(customer=customer, **typed, by=request.user)
        return Response(ReferralOut(referral).data, status.HTTP_201_CREATED)


class ReferralEnd(ApiView):
    permission = CHOICE

    @extend_schema(request=None, responses=ReferralOut)
    def post(self, request, pk):
        referral = referral_in_reach(request.user, pk)
        if referral is None:
            raise Http404
        return Response(ReferralOut(end_referral(referral=referral, by=request.user)).data)
