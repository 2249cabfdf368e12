"""分层政策: the versions, and what is done with them from draft to approval."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from customers.api.reading import validated
from tellerdesk.core.api import ApiView, page_response
from tellerdesk.core.business_date import today
from tiering.api import policy_in, policy_serializers
from tiering.models import TierPolicy
from tiering.selectors.policies import category_names, draft_of, own_policy, policy_row, policy_versions
from tiering.services import approve_policy, discard_draft, draft_policy, return_policy, revise_draft, submit_policy

READ, DRAFT, APPROVE = "tiering.read_policy", "tiering.draft_policy", "tiering.approve_policy"


class Policies(ApiView):
    """The one in force first, then the newest. A new version is a draft on the ground of the one in force."""

    permissions = {"GET": READ, "POST": DRAFT}

    @extend_schema(responses=policy_serializers.PolicyPage)
    def get(self, request):
        versions = policy_versions(request.user, today())
        return page_response(request, policy_serializers.PolicyOut(versions, many=True).data, None)

    @extend_schema(request=policy_in.PolicyIn, responses={201: policy_serializers.PolicyOut})
    def post(self, request):
        typed = validated(policy_in.PolicyIn, request)
        base = draft_of(policy_row(request.user.legal_entity_id, today()))
        policy = draft_policy(given=policy_in.draft_from(typed, base, names_of(request)), by=request.user)
        return shown(request, policy.version, status=201)


class PolicyDetail(ApiView):
    """PUT writes the next revision of a draft: the whole of it, as a new one is posted."""

    permissions = {"GET": READ, "PUT": DRAFT}

    @extend_schema(responses=policy_serializers.PolicyOut)
    def get(self, request, version):
        return shown(request, version)

    @extend_schema(request=policy_in.RevisionIn, responses=policy_serializers.PolicyOut)
    def put(self, request, version):
        policy = policy_or_404(request, version)
        typed = validated(policy_in.RevisionIn, request)
        given = policy_in.draft_from(typed, draft_of(policy), names_of(request))
        revise_draft(policy=policy, given=given, revision=typed["revision"], by=request.user)
        return shown(request, version)


class SubmitPolicy(ApiView):
    permission = DRAFT

    @extend_schema(request=policy_serializers.ReadIn, responses=policy_serializers.PolicyOut)
    def post(self, request, version):
        policy = policy_or_404(request, version)
        submit_policy(policy=policy, **validated(policy_serializers.ReadIn, request), by=request.user)
        return shown(request, version)


class DiscardPolicy(ApiView):
    """A draft that is given up: kept with its number and the reason, never in force."""

    permission = DRAFT

    @extend_schema(request=policy_serializers.ReasonedIn, responses=policy_serializers.PolicyOut)
    def post(self, request, version):
        policy = policy_or_404(request, version)
        discard_draft(policy=policy, **validated(policy_serializers.ReasonedIn, request), by=request.user)
        return shown(request, version)


class ApprovePolicy(ApiView):
    permission = APPROVE

    @extend_schema(request=policy_serializers.ReadIn, responses=policy_serializers.PolicyOut)
    def post(self, request, version):
        policy = policy_or_404(request, version)
        approve_policy(policy=policy, **validated(policy_serializers.ReadIn, request), by=request.user)
        return shown(request, version)


class ReturnPolicy(ApiView):
    permission = APPROVE

    @extend_schema(request=policy_serializers.ReasonedIn, responses=policy_serializers.PolicyOut)
    def post(self, request, version):
        policy = policy_or_404(request, version)
        return_policy(policy=policy, **validated(policy_serializers.ReasonedIn, request), by=request.user)
        return shown(request, version)


def names_of(request) -> dict[str, str]:
    return category_names(request.user.legal_entity_id)


def policy_or_404(request, version: int) -> TierPolicy:
    policy = own_policy(request.user, version)
    if policy is None:
        raise Http404
    return policy


def shown(request, version: int, *, status: int = 200) -> Response:
    found = next((each for each in policy_versions(request.user, today()) if each.version == version), None)
    if found is None:
        raise Http404
    return Response(policy_serializers.PolicyOut(found).data, status)
