from hypothesis import given
from hypothesis import strategies as st

from training.enums import Kind
from training.rules.answers import Choices, parse

OFFERED = {
    "7": Choices(Kind.SINGLE, {"7-1": "B", "7-2": "A"}),
    "8": Choices(Kind.MULTIPLE, {"8-1": "C", "8-2": "A", "8-3": "B"}),
    "9": Choices(Kind.TRUE_FALSE, {"9-1": "T", "9-2": "F"}),
}
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_ids_become_the_keys_of_the_bank():
    parsed = parse({"7": ["7-1"], "8": ["8-1", "8-2"], "9": ["9-2"]}, OFFERED)
    assert (parsed.chosen, parsed.faults) == ({"7": ["B"], "8": ["A", "C"], "9": ["F"]}, {})


def test_an_empty_list_is_no_answer_and_no_fault():
    parsed = parse({"7": [], "8": []}, OFFERED)
    assert (parsed.chosen, parsed.faults) == ({"7": [], "8": []}, {})


def test_every_fault_is_named_by_its_question():
    sent = {
        "7": ["7-1", "7-2"],
        "8": ["8-1", "8-1"],
        "9": ["8-1"],
        "10": ["10-1"],
        "07": ["7-1"],
    }
    assert parse(sent, OFFERED).faults == {
        "7": "one_option_only",
        "8": "repeated_option",
        "9": "unknown_option",
        "10": "unknown_question",
        "07": "unknown_question",
    }


def test_wrong_types():
    wrong = ["8-1", 1, None, {"8-1": True}, [1], [None], [["8-1"]], [{}], ["8-1\x00"], [True]]
    found = [parse({"8": value}, OFFERED).faults["8"] for value in wrong]
    assert found == ["not_a_list"] * 4 + ["unknown_option"] * 6


def test_what_is_no_object():
    assert [parse(sent, OFFERED).faults for sent in ([], "x", 5, None, True)] == [{"": "not_an_object"}] * 5


def test_the_answer_to_a_flood_stays_short():
    faults = parse({"x" * 5000 + str(n): [] for n in range(1000)}, OFFERED).faults
    assert max(map(len, faults)) == 40
    assert len(faults) == 1


@given(json)
def test_never_raises_whatever_was_sent(sent):
    parsed = parse(sent, OFFERED)
    assert set(parsed.chosen) <= set(OFFERED)


@given(st.dictionaries(st.sampled_from(list(OFFERED)), json))
def test_never_raises_within_a_known_question(sent):
    parsed = parse(sent, OFFERED)
    assert set(parsed.chosen) | set(parsed.faults) == set(sent)
