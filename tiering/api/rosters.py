"""Rosters for programs."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import TypedText
from customers.messages import message
from tellerdesk.core.api import ApiView
from tellerdesk.core.errors import FieldErrors
from tiering.api.fields import WholeNumber
from tiering.api.serializers import Codes, TierCode
from tiering.enums import BANDED
from tiering.selectors.roster_page import KEEP_ROSTERS, branch_roster, roster_branches
from tiering.services.rosters import MOST_CAPACITY, Place, keep_roster

MOST_PLACES = 500


class PlaceIn(serializers.Serializer):
    staff = TypedText(allow_blank=False, max_length=150)
    capacity = WholeNumber(min_value=1, max_value=MOST_CAPACITY)


class RosterIn(serializers.Serializer):
    """Everybody of each tier that is named; a tier left out stays as it is, an empty list ends its roster."""

    def get_fields(self):
        return {
            tier.code: serializers.ListField(child=PlaceIn(), required=False, max_length=MOST_PLACES) for tier in BANDED
        }


class PlaceOut(serializers.Serializer):
    """`load` are the branch's customers of the tier whom the person has; who does not fit any more has nothing free."""

    staff = serializers.CharField(source="staff.username")
    name = serializers.CharField(source="staff.name")
    position = serializers.CharField()
    capacity = serializers.IntegerField()
    load = serializers.IntegerField()
    free = serializers.IntegerField()
    fits = serializers.BooleanField()
    since = serializers.DateField(source="entry.since")


class TierRosterOut(serializers.Serializer):
    tier = TierCode()
    positions = Codes()
    missing_positions = Codes(source="missing")
    load = serializers.IntegerField()
    capacity = serializers.IntegerField()
    free = serializers.IntegerField()
    entries = PlaceOut(many=True, source="lines")


class RosterOut(serializers.Serializer):
    branch = serializers.CharField(source="branch.code")
    reported_on = serializers.DateField(allow_null=True)
    report_due_on = serializers.DateField(allow_null=True)
    tiers = TierRosterOut(many=True)


class Roster(ApiView):
    """The roster of a branch; a POST sets it whole, tier by tier, all or nothing."""

    permission = KEEP_ROSTERS

    @extend_schema(responses=RosterOut)
    def get(self, request, code):
        return Response(RosterOut(branch_roster(branch_named(request, code))).data)

    @extend_schema(request=RosterIn, responses=RosterOut)
    def post(self, request, code):
        branch = branch_named(request, code)
        typed = validated(RosterIn, request)
        refuse_unknown(request.data)
        wanted = {
            tier: [
                Place(each["staff"], each["capacity"], f"{tier.code}.{place}")
                for place, each in enumerate(typed[tier.code])
            ]
            for tier in BANDED
            if tier.code in typed
        }
        keep_roster(branch=branch, wanted=wanted, by=request.user)
        return Response(RosterOut(branch_roster(branch)).data)


def refuse_unknown(body) -> None:
    """A tier that is misspelt would else be left out without a word."""
    unknown = [name for name in body if name not in {tier.code for tier in BANDED}]
    if unknown:
        shown = (name.encode("ascii", "replace").decode()[:60] for name in unknown)
        raise FieldErrors({name: [("unknown_field", message("unknown_field"))] for name in shown})


def branch_named(request, code: str):
    """404 for one whose roster the caller does not keep."""
    found = roster_branches(request.user).filter(code=code).first()
    if found is None:
        raise Http404
    return found
