"""The five indicators: the worked example and the empty portfolio of the rules to the digit, and each edge."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiering.rules.policies import STANDARD
from tiering.enums import Indicator, Tier
from tiering.rules.indicators import Facts, Part, Rate, Tally, parts_of, ranked, rates_of, tallied

U, V, W = 1, 2, 3
# id: opening, closing AUM in yuan, opening and closing owner, products, closed, whose when 50,000 was reached
EXAMPLE = {
    "C1": (60_000, 120_000, U, U, 3),
    "C2": (80_000, 40_000, U, U, 1),
    "C3": (55_000, 65_000, U, U, 2),
    "C4": (90_000, 95_000, U, U, 4),
    "C5": (70_000, 210_000, U, V, 2),
    "C6": (52_000, 0, U, U, 0, True),
    "C7": (85_000, 86_000, U, W, 2),
    "C8": (20_000, 58_000, None, U, 2, False, U),
    "C9": (66_000, 70_000, W, U, 1),
}


def yuan(amount: int) -> int:
    return 100 * amount


def example() -> list[Facts]:
    found = []
    for opening, closing, before, after, products, *further in EXAMPLE.values():
        is_closed, arrival = (*further, False, None)[:2] if len(further) < 2 else further
        found.append(Facts(1, yuan(opening), yuan(closing), is_closed, products, before, after, arrival))
    return found


def test_the_worked_example_to_the_digit():
    tally = tallied(example(), STANDARD)[1, U]
    rates = rates_of(tally, 8)
    said = {indicator.value: (rate.numerator, rate.denominator, rate.pct) for indicator, rate in rates.items()}
    assert said == {
        "churn_rate": (2, 7, "28.57"),
        "upgrade_rate": (2, 7, "28.57"),
        "product_coverage": (12, 40, "30.00"),
        "customer_growth": (-1, 7, "-14.29"),
        "aum_growth": (yuan(162_000), yuan(512_000), "31.64"),
    }
    assert (tally.opening_aum, tally.closing_aum) == (yuan(512_000), yuan(674_000))
    parts = dict(zip(EXAMPLE, (parts_of(each, STANDARD) for each in example()), strict=True))
    assert [name for name, part in parts.items() if Part.NEW in part] == ["C8"]
    assert [name for name, part in parts.items() if Part.LEFT in part] == ["C2", "C6"]


def test_nobody_has_no_rates_but_counts_of_nought():
    rates = rates_of(Tally(), 8)
    assert {rate.pct for rate in rates.values()} == {None}
    assert (rates[Indicator.CUSTOMER_GROWTH].numerator, rates[Indicator.AUM_GROWTH].numerator) == (0, 0)


def test_an_upgrade_counts_for_the_owner_of_the_opening_day_and_products_for_the_later_one():
    by_owner = {owner: tally for (_branch, owner), tally in tallied(example(), STANDARD).items()}
    assert (by_owner[V].upgraded, by_owner[V].closing_customers, by_owner[V].products) == (0, 1, 2)
    assert (by_owner[W].opening_customers, by_owner[W].closing_customers) == (1, 1)
    assert by_owner[W].left_customers == by_owner[W].new_customers == 0, "a transfer is neither new nor left"


owners = st.sampled_from([None, U, V, W])
amounts = st.one_of(
    st.none(),
    st.sampled_from([yuan(each) + off for each in (50_000, 100_000, 200_000, 2_000_000) for off in (-1, 0, 1)]),
    st.integers(-yuan(10_000), yuan(3_000_000)),
)
facts = st.builds(
    Facts, st.sampled_from([1, 2]), amounts, amounts, st.booleans(), st.integers(0, 8), owners, owners, owners
)


@given(st.lists(facts, max_size=12))
def test_each_customer_counts_once_and_branches_add_up(customers):
    found = tallied(customers, STANDARD)
    total = sum(found.values(), Tally())
    assert total.opening_customers == sum(each.opening_owner is not None for each in customers)
    assert total.churned + total.upgraded <= total.opening_customers
    assert total.left_customers <= total.opening_customers
    moved = [each for each in customers if Part.NEW in parts_of(each, STANDARD) or each.opening_owner is not None]
    assert total.closing_aum - total.opening_aum == sum(each.closing - each.opening for each in moved)
    assert total.closing_customers <= len(customers)


def test_bands_are_compared_by_money_alone():
    """Who is admitted to wealth management with 60,000 and falls to 55,000 has not fallen."""
    assert Part.CHURNED not in parts_of(Facts(1, yuan(60_000), yuan(55_000), opening_owner=U), STANDARD)
    assert Part.CHURNED in parts_of(Facts(1, yuan(100_000), yuan(99_999), opening_owner=U), STANDARD)
    assert Part.UPGRADED not in parts_of(Facts(1, yuan(200_000), yuan(2_000_000), opening_owner=U), STANDARD)
    assert Part.UPGRADED in parts_of(Facts(1, yuan(200_000), yuan(2_000_000) + 1, opening_owner=U), STANDARD)


def test_who_closed_is_lost_whatever_the_last_line_says():
    closed = Facts(1, yuan(60_000), yuan(120_000), True, 3, U, U, U)
    assert parts_of(closed, STANDARD) == Part.OPENING | Part.CHURNED | Part.LEFT | Part.CLOSED


def test_the_limit_is_the_policys():
    lower = replace(STANDARD, bands=(*STANDARD.bands[:-1], replace(STANDARD.bands[-1], floor=yuan(30_000))))
    arriving = Facts(1, yuan(20_000), yuan(40_000), arrival_owner=U)
    assert (Part.NEW in parts_of(arriving, lower), Part.NEW in parts_of(arriving, STANDARD)) == (True, False)
    floor = STANDARD.band(Tier.WEALTH_MANAGEMENT).floor
    assert Part.WEALTHY_CLOSING in parts_of(Facts(1, None, floor), STANDARD)


@pytest.mark.parametrize(
    ("rate", "pct"),
    [
        (Rate(1, 8), "12.50"), (Rate(1, 3), "33.33"), (Rate(2, 3), "66.67"), (Rate(1, 800), "0.13"),
        (Rate(-1, 800), "-0.13"), (Rate(0, 5), "0.00"), (Rate(5, 0), None), (Rate(-5, -3), None),
        (Rate(7, 7), "100.00"),
    ],
)  # fmt: skip
def test_percentages_are_rounded_half_up_away_from_nought(rate, pct):
    assert rate.pct == pct


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_a_percentage_is_never_further_than_half_a_hundredth(numerator, denominator):
    found = Fraction(Rate(numerator, denominator).hundredths)
    assert abs(found - Fraction(10_000 * numerator, denominator)) <= Fraction(1, 2)


def test_equal_rates_share_a_rank_and_who_has_none_is_left_out():
    rates = {1: Rate(1, 4), 2: Rate(2, 8), 3: Rate(1, 2), 4: Rate(3, 0), 5: Rate(-1, 4)}
    assert ranked(rates) == {3: 1, 1: 2, 2: 2, 5: 4}
    assert ranked(rates, low_is_good=True) == {5: 1, 1: 2, 2: 2, 3: 4}
    assert ranked({}) == {}
