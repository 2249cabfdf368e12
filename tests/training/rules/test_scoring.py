from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from training.rules.scoring import is_right, mark

SEED = {1: ["D"], 2: ["A"], 3: ["A", "B"], 4: ["A", "B", "C"], 5: ["A", "B", "C", "D"], 6: ["F"], 7: ["T"]}
letters = st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=6)
keys = st.dictionaries(st.integers(1, 60), letters.filter(bool), max_size=40)


def test_the_seeds_own_result_is_85_71():
    score = mark(SEED, {**SEED, 4: ["A", "B"]})
    assert (score.points, score.right, score.total) == (Decimal("85.71"), 6, 7)
    assert score.by_question == {1: True, 2: True, 3: True, 4: False, 5: True, 6: True, 7: True}


def test_fifteen_of_fifteen_is_100_00():
    fifteen = dict.fromkeys(range(15), ["B"])
    assert str(mark(fifteen, fifteen).points) == "100.00"


def test_points_by_number_right_of_seven():
    found = [str(mark(SEED, dict(list(SEED.items())[:right])).points) for right in range(8)]
    assert found == ["0.00", "14.29", "28.57", "42.86", "57.14", "71.43", "85.71", "100.00"]


def test_half_a_hundredth_goes_up():
    thirty_two = {number: ["A"] for number in range(32)}
    assert str(mark(thirty_two, {0: ["A"]}).points) == "3.13"


def test_multiple_is_all_or_nothing():
    key = ["A", "B", "C"]
    given_and_right = {
        ("A", "B", "C"): True,
        ("C", "A", "B"): True,
        ("A", "B"): False,
        ("A", "B", "C", "D"): False,
        ("A", "B", "D"): False,
        (): False,
    }
    assert {chosen: is_right(key, chosen) for chosen in given_and_right} == given_and_right


def test_no_questions_score_nothing():
    assert (str(mark({}, {}).points), mark({}, {}).passes(Decimal("60.00"))) == ("0.00", False)


def test_the_pass_mark_itself_passes():
    five = {number: ["A"] for number in range(5)}
    points = [mark(five, {n: ["A"] for n in range(right)}) for right in (2, 3)]
    assert [(str(score.points), score.passes(Decimal("60.00"))) for score in points] == [
        ("40.00", False),
        ("60.00", True),
    ]


@given(keys, st.randoms())
def test_order_of_options_and_of_questions_does_not_matter(bank, rnd):
    shuffled = {number: rnd.sample(key, len(key)) for number, key in rnd.sample(list(bank.items()), len(bank))}
    score = mark(bank, shuffled)
    assert (score.right, score.total) == (len(bank), len(bank))


@given(keys, st.dictionaries(st.integers(1, 60), letters, max_size=40))
def test_points_lie_between_0_and_100_and_agree_with_the_count(bank, answers):
    score = mark(bank, answers)
    expected = Decimal(100 * score.right) / max(score.total, 1)
    assert abs(score.points - expected) <= Decimal("0.005")
    assert score.right == sum(set(answers.get(number, [])) == set(key) for number, key in bank.items())
