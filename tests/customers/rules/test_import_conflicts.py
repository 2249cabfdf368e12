import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.rules.import_conflicts import Candidate, settle


@pytest.mark.parametrize(
    ("candidates", "refused"),
    [
        ([Candidate(2, "A", "1", holder="77")], {2: "customer_exists"}),
        ([Candidate(2, "A", "1", holder="77", of_this_file=True)], {2: "duplicate_line"}),
        ([Candidate(2, "A", "1", of_this_file=True)], {2: "duplicate_line"}),
        ([Candidate(2, "A", "1", taken=True)], {2: "number_taken"}),
        ([Candidate(2, "A", "1"), Candidate(3, "A", "2")], {3: "duplicate_line"}),
        ([Candidate(3, "A", "2"), Candidate(2, "A", "1")], {3: "duplicate_line"}),
        ([Candidate(2, "A", "1"), Candidate(3, "B", "1")], {3: "number_taken"}),
        ([Candidate(2, "A", ""), Candidate(3, "B", "")], {}),
        # Whoever is refused claims nothing: the number of line 3 is free for line 4, the person of line 5 for line 6.
        (
            [Candidate(2, "A", "1"), Candidate(3, "A", "2"), Candidate(4, "B", "2"), Candidate(5, "C", "1")]
            + [Candidate(6, "C", "3")],
            {3: "duplicate_line", 5: "number_taken"},
        ),
    ],
)
def test_the_first_line_that_may_go_in_counts(candidates, refused):
    assert settle(candidates) == refused


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(["", "1", "2"])), max_size=8))
def test_what_goes_in_meets_nobody(people):
    candidates = [Candidate(line, *each) for line, each in enumerate(people)]
    refused = settle(candidates)
    kept = [each for each in candidates if each.line not in refused]
    numbers = [each.customer_number for each in kept if each.customer_number]
    assert len({each.person for each in kept}) == len(kept)
    assert len(set(numbers)) == len(numbers)
