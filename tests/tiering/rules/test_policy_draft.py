"""What may be drafted: whatever is accepted gives every amount from the lowest floor on exactly one band."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.rules.policies import STANDARD
from tiering.enums import Tier
from tiering.rules.money import LARGEST
from tiering.rules.policy_content import contents, differences
from tiering.rules.policy_draft import MOST_CATEGORIES, Category, Draft, NoBitLeft, category_bits, problems

CATEGORIES = (Category("deposit", "存款"), Category("fund", "基金"))
DRAFT = Draft(STANDARD.effective_from, "", STANDARD.bands, STANDARD.scope, 0, CATEGORIES)
# So near each other that gaps, overlaps and shared limits all come up.
NEAR = st.integers(-1, 9)


ENDS = ("floor", "floor_inclusive", "ceiling", "ceiling_inclusive")


@st.composite
def drafts_of_few_fen(draw) -> Draft:
    """Every second one has its ends set to meet, so that many are good."""
    ends = st.tuples(NEAR, st.booleans(), st.none() | NEAR, st.booleans())
    bands = tuple(replace(row, **dict(zip(ENDS, draw(ends), strict=True))) for row in STANDARD.bands)
    draft = replace(DRAFT, bands=bands)
    return met(draft) if draw(st.booleans()) else draft


def met(draft: Draft) -> Draft:
    """The same with every ceiling set where the next band begins."""
    bands = [replace(draft.bands[0], ceiling=None)]
    for higher, lower in pairwise(draft.bands):
        bands.append(replace(lower, ceiling=higher.floor, ceiling_inclusive=not higher.floor_inclusive))
    return replace(draft, bands=tuple(bands))


def holders(draft: Draft, amount: int) -> int:
    return sum(band.holds(amount) for band in draft.bands)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a pause of the machine is no fault
@given(draft=drafts_of_few_fen())
def test_accepted_is_whoever_gives_each_amount_one_band(draft):
    """And nothing else is refused: bands that rise and hold each amount once are good."""
    floors = [band.floor for band in draft.bands]
    rises = all(high > low for high, low in pairwise(floors)) and floors[-1] >= 0
    ends = all(band.ceiling is not None and band.ceiling > band.floor for band in draft.bands[1:])
    lowest = draft.bands[-1]
    reached = range(lowest.floor if lowest.floor_inclusive else lowest.floor + 1, 12)
    once = all(holders(draft, amount) == 1 for amount in reached)
    accepted = not problems(draft)
    if accepted:
        assert once
        assert all(holders(draft, amount) == 0 for amount in range(-3, reached.start))
    elif rises and ends and once and draft.bands[0].ceiling is None:
        # In whole fen a gap of one fen without an amount in it is none: > 5 and ≤ 5, ≥ 6 and ≤ 5.
        assert {each.code for each in problems(draft)} <= {"gap", "overlap"}
        assert any(low.ceiling != high.floor for high, low in pairwise(draft.bands))


def test_the_standard_policy_may_be_drafted():
    assert problems(DRAFT) == []
    assert differences(DRAFT, DRAFT) == []


def changed(tier: Tier, **values) -> Draft:
    return replace(DRAFT, bands=tuple(replace(b, **values) if b.tier == tier else b for b in DRAFT.bands))


@pytest.mark.parametrize(
    ("draft", "field", "code"),
    [
        (changed(Tier.WEALTH_MANAGEMENT, floor=LARGEST + 1), "bands.1.floor", "out_of_range"),
        (changed(Tier.BRANCH_STAFF, floor=-1), "bands.3.floor", "out_of_range"),
        (changed(Tier.BRANCH_STAFF, max_age=0), "bands.3.max_age", "out_of_range"),
        (changed(Tier.BRANCH_STAFF, max_age=151), "bands.3.max_age", "out_of_range"),
        (changed(Tier.PRIVATE_WEALTH, positions_needed=4), "bands.0.positions_needed", "out_of_range"),
        (changed(Tier.PRIVATE_WEALTH, positions_needed=0), "bands.0.positions_needed", "out_of_range"),
        (changed(Tier.PRIVATE_WEALTH, ceiling=LARGEST), "bands.0.ceiling", "no_ceiling"),
        (replace(DRAFT, bands=DRAFT.bands[::-1]), "bands", "wrong_order"),
        (replace(DRAFT, bands=DRAFT.bands[1:]), "bands", "tiers"),
        (replace(DRAFT, bands=()), "bands", "tiers"),
        (replace(DRAFT, scope=replace(DRAFT.scope, custody_margin=-1)), "scope.custody_margin", "out_of_range"),
        (replace(DRAFT, grace_days=367), "downgrade_grace_days", "out_of_range"),
        (replace(DRAFT, grace_days=-1), "downgrade_grace_days", "out_of_range"),
        (replace(DRAFT, categories=()), "product_categories", "required"),
        (replace(DRAFT, categories=CATEGORIES * 16), "product_categories", "too_many"),
        (replace(DRAFT, categories=(*CATEGORIES, Category("x", "fund"))), "product_categories.2", "twice"),
        (replace(DRAFT, categories=(Category("_x", "x"),)), "product_categories.0", "format"),
        (replace(DRAFT, categories=(Category("x", " x"),)), "product_categories.0", "name"),
        (replace(DRAFT, categories=(Category("x", "a；b"),)), "product_categories.0", "name"),
    ],
)
def test_refused(draft, field, code):
    assert (field, code) in {(each.field, each.code) for each in problems(draft)}


@given(
    versions=st.lists(st.lists(st.sampled_from([f"c{n}" for n in range(40)]), unique=True, max_size=12), max_size=6),
)
def test_a_bit_never_changes_its_meaning(versions):
    known: dict[str, int] = {}
    for codes in versions:
        if len({*known, *codes}) > MOST_CATEGORIES:
            with pytest.raises(NoBitLeft) as refused:
                category_bits(tuple(codes), known)
            assert refused.value.code in codes
            return
        found = category_bits(tuple(codes), known)
        assert list(found) == codes
        assert all(found[code] == bit for code, bit in known.items() if code in found)
        known |= found
        assert len(set(known.values())) == len(known)
        assert set(known.values()) <= set(range(MOST_CATEGORIES))


def test_a_limit_that_is_none_is_none_whatever_stood_beside_it():
    without = changed(Tier.PRIVATE_WEALTH, ceiling_inclusive=True)
    assert differences(DRAFT, without) == []
    assert contents(changed(Tier.BRANCH_STAFF, max_age=None))["branch_staff.max_age"] is None
    lifted = differences(DRAFT, changed(Tier.WEALTH_MANAGEMENT, floor=30_000_000, floor_inclusive=False))
    assert [(each.key, str(each.before), str(each.after)) for each in lifted] == [
        ("wealth_management.floor", "≥ 200000.00", "> 300000.00")
    ]
