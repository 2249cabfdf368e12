from tiering.enums import CardLevel
from tiering.rules.merged_lines import credited
from tiering.rules.snapshot_line import Line


def test_everybody_else_keeps_the_line():
    line = Line("100001", 5, 1, 2, 3, CardLevel.GOLD, 32, 0b11)
    assert credited([line], {"100009": "100002"}) == {"100001": line}


def test_a_line_of_a_merged_customer_alone_is_the_survivors():
    assert credited([Line("100009", 5)], {"100009": "100001"}) == {"100001": Line("100001", 5)}


def test_lines_of_both_are_added_up():
    lines = [
        Line("100001", -5, 1, 0, 3, CardLevel.STANDARD, 32, 0b001),
        Line("100008", 7, 1, 4, 0, CardLevel.PLATINUM, 64, 0b011),
        Line("100009", 9, 0, 0, 0, CardLevel.NONE, 32, 0b100),
    ]
    assert credited(lines, {"100008": "100001", "100009": "100001"}) == {
        "100001": Line("100001", 11, 2, 4, 3, CardLevel.PLATINUM, 96, 0b111)
    }
