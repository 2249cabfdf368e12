from dataclasses import replace

import pytest

from tests.tiering.rules.policies import STANDARD
from tests.tiering.rules.vectors import VECTORS
from tiering.enums import CardLevel, Tier
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.money import parse_fen


def facts(vector: dict) -> Facts:
    amounts = ("aum", "card_spend_year", "personal_loan_balance", "custody_margin")
    flags = ("admission_private_wealth", "admission_wealth_management")
    return Facts(
        age=vector["age"],
        card_level=CardLevel.of_code(vector["card_level"]),
        **{name: parse_fen(vector[name]) for name in amounts},
        **{name: vector[name] for name in flags},
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector):
    found = evaluate(facts(vector), STANDARD)
    assert {
        "tier": found.tier.code,
        "in_scope": found.in_scope,
        "reasons": [reason.code for reason in found.reasons],
        "positions": list(STANDARD.positions(found.tier)),
    } == {
        "tier": vector["expected_tier"],
        "in_scope": vector["expected_in_scope"],
        "reasons": vector["expected_reasons"],
        "positions": vector["required_owner_positions"],
    }


def test_the_switch_of_the_age_limit_moves_the_one_vector_it_is_about():
    bands = tuple(replace(band, max_age_inclusive=False) for band in STANDARD.bands)
    strict = replace(STANDARD, bands=bands)
    moved = [v["id"] for v in VECTORS if evaluate(facts(v), strict).tier.code != v["expected_tier"]]
    assert moved == ["T-07"]
    assert evaluate(facts(VECTORS[6]), strict).tier == Tier.UNBANDED
