from dataclasses import replace

import pytest

from tests.tiering.rules.policies import STANDARD
from tiering.enums import Tier
from tiering.rules.completeness import Completeness, completeness, missing_positions

PRIVATE, WEALTH, LEAD = (
    STANDARD.band(tier) for tier in (Tier.PRIVATE_WEALTH, Tier.WEALTH_MANAGEMENT, Tier.BRANCH_LEAD)
)
COMPLETE, WARNING, INCOMPLETE = Completeness.COMPLETE, Completeness.WARNING, Completeness.INCOMPLETE
ALL_THREE = ["wealth_manager", "deputy_president", "branch_president"]


@pytest.mark.parametrize(
    ("band", "held", "found"),
    [
        (PRIVATE, ALL_THREE, COMPLETE),
        (PRIVATE, ALL_THREE[:2], INCOMPLETE),
        (PRIVATE, ["wealth_manager", "wealth_manager", "branch_president"], INCOMPLETE),
        (PRIVATE, ["financial_advisor"], INCOMPLETE),
        (PRIVATE, [*ALL_THREE, "financial_advisor"], COMPLETE),
        (PRIVATE, [], INCOMPLETE),
        (LEAD, ["branch_manager", "lobby_manager"], COMPLETE),
        (LEAD, ["lobby_manager"], WARNING),
        (LEAD, ["teller"], WARNING),
        (LEAD, [], INCOMPLETE),
        (WEALTH, ["financial_advisor"], COMPLETE),
        (WEALTH, ["teller"], COMPLETE),
        (WEALTH, [], INCOMPLETE),
    ],
)
def test_the_owners_that_a_tier_wants(band, held, found):
    assert completeness(band, held) == found


def test_two_of_three_are_enough_for_a_policy_that_says_so_with_a_warning():
    band = replace(PRIVATE, positions_needed=2)
    assert completeness(band, ALL_THREE[:1]) == INCOMPLETE
    assert completeness(band, ALL_THREE[1:]) == WARNING
    assert completeness(band, ALL_THREE) == COMPLETE


def test_a_band_that_names_nobody_lacks_nobody():
    assert completeness(replace(WEALTH, positions=()), []) == COMPLETE


def test_who_is_missing_in_the_order_of_the_policy():
    assert missing_positions(PRIVATE, ["deputy_president"]) == ("wealth_manager", "branch_president")
    assert missing_positions(LEAD, ["teller"]) == ("branch_manager", "lobby_manager")
