"""Nothing that a program sends is left out without a word."""

import importlib
import pkgutil

import pytest
from rest_framework import serializers

from tiering import api
from tiering.api.exact import ExactSerializer
from tiering.api.policy_in import PolicyIn
from tiering.api.rosters import RosterIn

ASKS_ONLY = {"ConcentrationIn", "AskedIn", "BehindIn", "EvaluateIn"}


def sent_ones() -> list[type]:
    modules = [importlib.import_module(f"tiering.api.{each.name}") for each in pkgutil.iter_modules(api.__path__)]
    found = {
        value
        for module in modules
        for name, value in vars(module).items()
        if name.endswith("In") and isinstance(value, type) and issubclass(value, serializers.Serializer)
    }
    found = {each for each in found if each.__module__.startswith("tiering.") and each.__name__ not in ASKS_ONLY}
    return sorted(found, key=lambda each: each.__name__)


@pytest.mark.parametrize("serializer", sent_ones(), ids=lambda each: each.__name__)
def test_a_key_that_nobody_knows_is_refused_by_name(serializer):
    checked = serializer(data={"shoe_size": 42, "\ud800" * 99: 1})
    assert not checked.is_valid()
    assert issubclass(serializer, ExactSerializer)
    for name in ("shoe_size", "?" * 60):
        assert [each.code for each in checked.errors[name]] == ["unknown_field"]


@pytest.mark.parametrize(
    ("serializer", "sent", "place"),
    [
        (PolicyIn, {"bands": [{"tier": "branch_staff", "floor": "1"}, {"flor": "1"}]}, ("bands", 1, "flor")),
        (PolicyIn, {"scope": {"card": "gold"}}, ("scope", "card")),
        (
            PolicyIn,
            {"product_categories": ["fund", {"code": "x", "name": "x", "bit": 1}]},
            ("product_categories", 1, "bit"),
        ),
        (RosterIn, {"branch_staff": [{"staff": "one", "capacity": 1, "load_": 1}]}, ("branch_staff", 0, "load_")),
        (RosterIn, {"tiers": [{"tier": "branch_staff", "entries": [], "x": 1}]}, ("tiers", 0, "x")),
        (RosterIn, {"tiers": [{"tier": "unbanded", "entries": []}]}, ("tiers", 0, "tier")),
        (RosterIn, {"branch_staff": [], "tiers": [{"tier": "branch_staff", "entries": []}]}, ("tiers.0.tier",)),
    ],
)
def test_at_its_place_on_every_level(serializer, sent, place):
    checked = serializer(data=sent)
    assert not checked.is_valid()
    found = checked.errors
    for step in place:
        found = found[step]
    assert [each.code for each in found] in (["unknown_field"], ["not_in_list"], ["named_twice"])
