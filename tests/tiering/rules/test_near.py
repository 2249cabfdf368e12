from dataclasses import replace

import pytest

from tests.tiering.rules.policies import STANDARD
from tiering.enums import CardLevel, Tier
from tiering.rules.evaluation import Facts, evaluate
from tiering.rules.near import Near, distance, near_limits

WAN = 1_000_000  # fen
GOLD = {"card_level": CardLevel.GOLD}
PRIVATE = {"admission_private_wealth": True}
WEALTH = {"admission_wealth_management": True}


def near(aum: int, age: int | None = 40, **flags) -> list[Near]:
    facts = Facts(aum, age, **flags)
    return near_limits(facts, evaluate(facts, STANDARD).tier, STANDARD)


@pytest.mark.parametrize(
    ("aum", "found"),
    [
        (4_500_000 - 1, []),
        (4_500_000, [Near(True, Tier.BRANCH_STAFF, 5 * WAN, 1000)]),
        (5_000_000 - 1, [Near(True, Tier.BRANCH_STAFF, 5 * WAN, 0)]),
        (5_000_000, [Near(False, Tier.OUT_OF_SCOPE, 5 * WAN, 0)]),
        (5_500_000, [Near(False, Tier.OUT_OF_SCOPE, 5 * WAN, 1000)]),
        (5_500_001, []),
        (9_000_000, [Near(True, Tier.BRANCH_LEAD, 10 * WAN, 1000)]),
        (11_000_000, [Near(False, Tier.BRANCH_STAFF, 10 * WAN, 1000)]),
        (19_000_000, [Near(True, Tier.WEALTH_MANAGEMENT, 20 * WAN, 500)]),
        (21_000_000, [Near(False, Tier.BRANCH_LEAD, 20 * WAN, 500)]),
        (200 * WAN, [Near(True, Tier.PRIVATE_WEALTH, 200 * WAN, 0)]),
        (200 * WAN + 1, [Near(False, Tier.WEALTH_MANAGEMENT, 200 * WAN, 0)]),
        (220 * WAN, [Near(False, Tier.WEALTH_MANAGEMENT, 200 * WAN, 1000)]),
        (220 * WAN + 1, []),
        (-1, []),
    ],
)
def test_within_a_tenth_of_a_limit(aum, found):
    assert near(aum) == found


@pytest.mark.parametrize(
    ("aum", "age", "flags", "found"),
    [
        (4_800_000, 61, GOLD, []),
        (4_800_000, None, GOLD, []),
        (4_800_000, 60, GOLD, [Near(True, Tier.BRANCH_STAFF, 5 * WAN, 400)]),
        (4_800_000, 61, {}, [Near(True, Tier.UNBANDED, 5 * WAN, 400)]),
        (5_200_000, 61, {}, [Near(False, Tier.OUT_OF_SCOPE, 5 * WAN, 400)]),
        (5_200_000, 61, GOLD, []),
        (5_200_000, 40, GOLD, [Near(False, Tier.UNBANDED, 5 * WAN, 400)]),
        (10_200_000, 61, {}, [Near(False, Tier.UNBANDED, 10 * WAN, 200)]),
        (205 * WAN, 40, PRIVATE, []),
        (195 * WAN, 40, PRIVATE, []),
        (20_500_000, 40, WEALTH, []),
        (9_500_000, 40, WEALTH, []),
        (195 * WAN, 40, WEALTH, [Near(True, Tier.PRIVATE_WEALTH, 200 * WAN, 250)]),
        (205 * WAN, 40, WEALTH, [Near(False, Tier.WEALTH_MANAGEMENT, 200 * WAN, 250)]),
    ],
)
def test_only_a_limit_that_would_move_the_tier(aum, age, flags, found):
    assert near(aum, age, **flags) == found


def test_both_limits_of_a_narrow_band():
    narrow = tuple(
        {Tier.BRANCH_LEAD: replace(band, floor=9 * WAN), Tier.BRANCH_STAFF: replace(band, floor=85 * WAN // 10)}.get(
            band.tier, band
        )
        for band in STANDARD.bands
    )
    policy = replace(STANDARD, bands=narrow)
    assert near_limits(Facts(88 * WAN // 10, 40), Tier.BRANCH_STAFF, policy) == [
        Near(True, Tier.BRANCH_LEAD, 9 * WAN, 222),
        Near(False, Tier.OUT_OF_SCOPE, 85 * WAN // 10, 353),
    ]


def test_distance_is_rounded_half_up():
    assert [distance(aum, 20_000) for aum in (19_999, 19_998, 20_001, 20_003)] == [1, 1, 1, 2]
