"""A drafted policy as JSON: what an answer shows is taken back as it is; what is left out stays as it was."""

from dataclasses import replace

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.api.serializers import LineText, TypedText, WireBoolean
from tiering.api.exact import ExactSerializer
from tiering.api.fields import MoneyIn, WholeNumber, WireDate
from tiering.api.policy_serializers import PolicyOut
from tiering.api.serializers import CardLevelCode, TierCode
from tiering.enums import Tier
from tiering.rules.policy import Band, Scope
from tiering.rules.policy_draft import LONGEST_GRACE, MOST_CATEGORIES, OLDEST, Category, Draft

MOST_BANDS = MOST_POSITIONS = 20
LARGEST_SMALL = 32_767  # a column of two bytes
LONGEST_NOTE = 200
KEPT = ("floor_inclusive", "ceiling_inclusive", "max_age", "max_age_inclusive", "positions", "positions_needed")
NOTHING_KNOWN = Band(Tier.UNBANDED, 0, floor_inclusive=True, ceiling=None, ceiling_inclusive=False)


class BandIn(ExactSerializer):
    """Only tier and limits must be given; the highest tier has no ceiling. A `max_age` of null is no limit."""

    tier = TierCode()
    floor = MoneyIn()
    ceiling = MoneyIn(required=False, allow_null=True, default=None)
    floor_inclusive = WireBoolean(required=False)
    ceiling_inclusive = WireBoolean(required=False)
    max_age = WholeNumber(required=False, allow_null=True, min_value=1, max_value=OLDEST)
    max_age_inclusive = WireBoolean(required=False)
    positions = serializers.ListField(
        child=TypedText(allow_blank=False, max_length=30), required=False, max_length=MOST_POSITIONS
    )
    positions_needed = WholeNumber(required=False, min_value=1, max_value=LARGEST_SMALL)


class ScopeIn(ExactSerializer):
    card_spend_year = MoneyIn(required=False)
    personal_loan_balance = MoneyIn(required=False)
    custody_margin = MoneyIn(required=False)
    card_level = CardLevelCode(required=False)


class NamedCategoryIn(ExactSerializer):
    code = TypedText(allow_blank=False, max_length=100)
    name = LineText(max_length=100)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "object", "properties": {"code": {"type": "string"}, "name": {"type": "string"}}},
        ]
    }
)
class CategoryIn(serializers.Field):
    """A code that some version has named, or code and name."""

    def to_internal_value(self, data):
        if isinstance(data, str):
            return TypedText(allow_blank=False, max_length=100).run_validation(data)
        return NamedCategoryIn().run_validation(data)


class PolicyIn(ExactSerializer):
    """An answer is taken back as it is: what is not drafted but done (status, people) is in it, and not read."""

    shown = tuple(PolicyOut().fields)

    effective_from = WireDate()
    note = LineText(required=False, allow_blank=True, default="", max_length=LONGEST_NOTE)
    bands = BandIn(many=True, max_length=MOST_BANDS)
    scope = ScopeIn(required=False, default=dict)
    downgrade_grace_days = WholeNumber(required=False, min_value=0, max_value=LONGEST_GRACE)
    product_categories = serializers.ListField(child=CategoryIn(), required=False, max_length=MOST_CATEGORIES)


class RevisionIn(PolicyIn):
    """`revision` is the one that was read."""

    revision = WholeNumber(min_value=1, max_value=2**31 - 1)


def draft_from(typed: dict, base: Draft, names: dict[str, str]) -> Draft:
    """With what is not given taken from `base`; `names` are those of the categories that were ever named."""
    return Draft(
        effective_from=typed["effective_from"],
        note=typed["note"],
        bands=tuple(_band(each, base) for each in typed["bands"]),
        scope=_scope(typed["scope"], base.scope),
        grace_days=typed.get("downgrade_grace_days", base.grace_days),
        categories=_categories(typed["product_categories"], names)
        if "product_categories" in typed
        else base.categories,
    )


def _band(typed: dict, base: Draft) -> Band:
    """Other positions than before, without a number, want one owner."""
    known = next((band for band in base.bands if band.tier == typed["tier"]), NOTHING_KNOWN)
    kept = {name: getattr(known, name) for name in KEPT}
    if "positions" in typed:
        typed = typed | {"positions": tuple(typed["positions"])}
        kept["positions_needed"] = known.positions_needed if set(typed["positions"]) == set(known.positions) else 1
    band = Band(**kept | typed)
    return replace(band, ceiling_inclusive=band.ceiling_inclusive and band.ceiling is not None)


def _scope(typed: dict, base: Scope) -> Scope:
    return replace(base, **typed)


def _categories(typed: list, names: dict[str, str]) -> tuple[Category, ...]:
    """A bare code that nobody has named stays nameless, which the rule refuses at its place."""
    bare = (each if isinstance(each, dict) else {"code": each, "name": names.get(each, "")} for each in typed)
    return tuple(Category(**each) for each in bare)
