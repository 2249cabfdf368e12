"""Rosters for programs."""

from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from customers.api.reading import validated
from customers.api.serializers import TypedText
from tellerdesk.core.api import ApiView
from tellerdesk.staff.own_writes import from_replica
from tiering.api.exact import ExactSerializer
from tiering.api.fields import WholeNumber
from tiering.api.serializers import Codes, TierCode
from tiering.enums import BANDED
from tiering.selectors.roster_page import KEEP_ROSTERS, branch_roster, roster_branches
from tiering.services.rosters import MOST_CAPACITY, Place, keep_roster

MOST_PLACES = 500


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


class PlaceIn(ExactSerializer):
    shown = tuple(PlaceOut().fields)

    staff = TypedText(allow_blank=False, max_length=150)
    capacity = WholeNumber(min_value=1, max_value=MOST_CAPACITY)


class TierRosterIn(ExactSerializer):
    shown = tuple(TierRosterOut().fields)

    tier = TierCode()
    entries = PlaceIn(many=True, max_length=MOST_PLACES)

    def validate_tier(self, tier):
        return tier if tier in BANDED else self.fields["tier"].fail("not_in_list")


class RosterIn(ExactSerializer):
    """Everybody of each tier that is named; a tier left out stays as it is, an empty list ends its roster.

    As an answer gives it (`tiers`, whatever else stands in it unread), or as a list under the name of each tier.
    """

    shown = tuple(RosterOut().fields)

    def get_fields(self):
        by_name = {tier.code: PlaceIn(many=True, required=False, max_length=MOST_PLACES) for tier in BANDED}
        return by_name | {"tiers": TierRosterIn(many=True, required=False, default=list, max_length=len(BANDED))}

    def validate(self, typed):
        """The places of each tier, each with where it stands in what was sent."""
        named = {tier: (tier.code, typed[tier.code]) for tier in BANDED if tier.code in typed}
        for place, each in enumerate(typed["tiers"]):
            if each["tier"] in named:
                twice = serializers.ErrorDetail(_("This tier is named twice."), code="named_twice")
                raise serializers.ValidationError({f"tiers.{place}.tier": [twice]})
            named[each["tier"]] = (f"tiers.{place}.entries", each["entries"])
        return {
            tier: [Place(each["staff"], each["capacity"], f"{where}.{n}") for n, each in enumerate(entries)]
            for tier, (where, entries) in named.items()
        }


class Roster(ApiView):
    """The roster of a branch; a POST sets it whole, tier by tier, all or nothing, and takes what a GET gave."""

    permission = KEEP_ROSTERS

    @extend_schema(responses=RosterOut)
    @method_decorator(from_replica)
    def get(self, request, code):
        return Response(RosterOut(branch_roster(branch_named(request, code))).data)

    @extend_schema(request=RosterIn, responses=RosterOut)
    def post(self, request, code):
        branch = branch_named(request, code)
        keep_roster(branch=branch, wanted=validated(RosterIn, request), by=request.user)
        return Response(RosterOut(branch_roster(branch)).data)


def branch_named(request, code: str):
    """404 for one whose roster the caller does not keep."""
    found = roster_branches(request.user).filter(code=code).first()
    if found is None:
        raise Http404
    return found
