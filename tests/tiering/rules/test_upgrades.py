"""When a case opens, follows and lapses (rules 4.4)."""

import pytest

from tiering.enums import Tier, UpgradeStatus
from tiering.rules.upgrades import Case, Standing, after_night, opens, risen_from

OUT, NO_BAND, STAFF, LEAD, WEALTH, PRIVATE = Tier
OPEN, LAPSED = UpgradeStatus.OPEN, UpgradeStatus.LAPSED
OWNER = 7


@pytest.mark.parametrize(
    ("origin", "now", "expected"),
    [
        (STAFF, Standing(LEAD, OWNER), True),
        (NO_BAND, Standing(STAFF, OWNER), True),
        (STAFF, Standing(LEAD, None), False),
        (STAFF, Standing(LEAD, OWNER, owned_before=False), False),
        (OUT, Standing(WEALTH, OWNER), False),
        (LEAD, Standing(STAFF, OWNER), False),
        (LEAD, Standing(LEAD, OWNER), False),
        (OUT, Standing(NO_BAND, OWNER), False),
    ],
)
def test_who_has_an_owner_and_rises_gets_a_case(origin, now, expected):
    assert opens(origin, now) is expected


@pytest.mark.parametrize(
    ("before_file", "before_day", "asked_today", "expected"),
    [
        (STAFF, None, False, STAFF),
        (STAFF, WEALTH, False, WEALTH),
        (OUT, STAFF, False, STAFF),
        (STAFF, OUT, False, STAFF),
        (STAFF, WEALTH, True, STAFF),
    ],
)
def test_a_correction_is_held_against_the_tier_before_its_day(before_file, before_day, asked_today, expected):
    assert risen_from(before_file, before_day, asked_today=asked_today) == expected


def case(from_tier=STAFF, to_tier=LEAD, status=OPEN) -> Case:
    return Case(1, from_tier, to_tier, OWNER, status)


@pytest.mark.parametrize(
    ("now", "became"),
    [
        (Standing(LEAD, OWNER), case()),
        (Standing(WEALTH, OWNER), case(to_tier=WEALTH)),
        (Standing(STAFF, OWNER), case(status=LAPSED)),
        (Standing(NO_BAND, OWNER), case(status=LAPSED)),
        (Standing(LEAD, None), case(status=LAPSED)),
        (None, case(status=LAPSED)),
    ],
)
def test_an_open_case_follows_the_tier_until_it_lapses(now, became):
    assert after_night({1: case()}, {1: now} if now else {}, {}) == {1: [became]}


def test_a_case_falls_with_the_customer_as_long_as_the_tier_is_higher_than_before():
    assert after_night({1: case(STAFF, PRIVATE)}, {1: Standing(LEAD, OWNER)}, {}) == {1: [case(STAFF, LEAD)]}


def test_who_rises_further_keeps_the_case():
    assert after_night({1: case()}, {1: Standing(WEALTH, OWNER)}, {1: LEAD}) == {1: [case(to_tier=WEALTH)]}


def test_the_owner_of_a_new_case_is_the_present_one():
    assert after_night({}, {1: Standing(LEAD, 9)}, {1: STAFF}) == {1: [Case(1, STAFF, LEAD, 9)]}
