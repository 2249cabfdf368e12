from training.enums import Kind
from training.rules.question_shape import faults


def options(*keys):
    return [{"key": key, "zh": f"选项{key}", "en": ""} for key in keys]


def test_good_questions():
    assert faults(Kind.SINGLE, "问", options("A", "B"), ["B"]) == []
    assert faults(Kind.MULTIPLE, "问", options("A", "B", "C"), ["A", "C"]) == []
    assert faults(Kind.TRUE_FALSE, "问", options("T", "F"), ["F"]) == []


def test_what_a_question_may_lack():
    assert faults(Kind.SINGLE, "  ", options("A", "B"), []) == [("stem_zh", "empty"), ("answer_key", "no_key")]
    assert faults(Kind.SINGLE, "问", options("A"), ["A"]) == [("options", "number_of_options")]
    assert faults(Kind.SINGLE, "问", options(*"ABCDEFGHI"), ["A"]) == [("options", "number_of_options")]
    blank = [{"key": "A", "zh": " ", "en": "x"}, *options("B")]
    assert faults(Kind.SINGLE, "问", blank, ["B"]) == [("options", "empty_option")]
    twice = [*options("A"), {"key": "B", "zh": "选项A", "en": ""}]
    assert faults(Kind.SINGLE, "问", twice, ["B"]) == [("options", "repeated_option")]


def test_the_key_fits_the_kind():
    found = [
        faults(Kind.SINGLE, "问", options("A", "B"), ["A", "B"]),
        faults(Kind.SINGLE, "问", options("A", "B"), ["C"]),
        faults(Kind.MULTIPLE, "问", options("A", "B"), ["A"]),
        faults(Kind.TRUE_FALSE, "问", options("A", "B"), ["A"]),
    ]
    assert found == [
        [("answer_key", "one_key_only")],
        [("answer_key", "key_without_option")],
        [("answer_key", "multiple_needs_two")],
        [("options", "true_and_false_only")],
    ]
