"""Between two edges nobody changes the tier, and outside the spans two policies agree."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.rules.drafts import EDGES, FLOORS, ODD, aged, drafts
from tests.tiering.rules.generated import DAYS, Person, people
from tests.tiering.rules.policies import STANDARD
from tiering.rules.evaluation import evaluate
from tiering.rules.policy import Policy
from tiering.rules.what_if_edges import FAR, edges, entry_edge, spans_that_differ

DAY = DAYS[-1]
AMOUNTS = st.integers(-10, 3 * 10**8) | st.builds(int.__add__, st.sampled_from(EDGES), st.integers(-1, 1))


def tier(person: Person, policy: Policy, aum: int):
    return evaluate(replace(person, aum=aum).facts(DAY), policy).tier


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a pause of the machine is no fault
@given(person=people(DAY), draft=drafts(FLOORS) | drafts(ODD), aum=AMOUNTS)
def test_between_two_edges_all_have_one_tier(person, draft, aum):
    lowest = max((edge for edge in edges(draft) if edge <= aum), default=-FAR)
    assert tier(person, draft, aum) == tier(person, draft, lowest)
    assert draft.entry.reached_by(aum) == (aum >= entry_edge(draft))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a pause of the machine is no fault
@given(person=people(DAY), present=drafts(FLOORS), draft=drafts(FLOORS) | drafts(ODD), aum=AMOUNTS)
def test_whoever_changes_the_tier_is_within_a_span(person, present, draft, aum):
    if tier(person, present, aum) != tier(person, draft, aum):
        assert any(low <= aum <= high for low, high in spans_that_differ(present, draft))


THIRTY = replace(STANDARD.bands[1], floor=30_000_000), replace(STANDARD.bands[2], ceiling=30_000_000)
SPANS = [
    (STANDARD, []),
    (replace(STANDARD, bands=(STANDARD.bands[0], *THIRTY, STANDARD.bands[3])), [(20_000_000, 29_999_999)]),
    (replace(STANDARD, scope=replace(STANDARD.scope, custody_margin=1)), []),
    (aged(65), [(5_000_000, 9_999_999)]),
]


@pytest.mark.parametrize(("draft", "spans"), SPANS)
def test_the_spans_are_no_wider_than_they_must_be(draft, spans):
    assert spans_that_differ(STANDARD, draft) == spans
