import pytest

from tiering.rules.money import LARGEST, parse_fen, yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1234.56", 123456),
        (" 1234.5 ", 123450),
        ("-100.00", -10000),
        ("+7", 700),
        (".5", 50),
        ("5.", 500),
        ("1234.5600", 123456),
        ("1.2e3", 120000),
        ("0e999", 0),
        ("-0e-" + "9" * 30, 0),
        ("1e00002", 10000),
        ("0" * 500 + "1", 100),
        ("1e" + "0" * 30, 100),
        ("1." + "0" * 60, 100),
        ("9000000000", LARGEST),
    ],
)
def test_amount(text, fen):
    assert parse_fen(text) == fen


def test_a_long_exponent_is_read_in_one_go():
    assert parse_fen("1e" + "0" * 200_000 + "x") == "not_a_number"
    assert parse_fen("1e" + "0" * 200_000 + "2") == 10_000


@pytest.mark.parametrize(
    "text", ["", "abc", "NaN", "Infinity", "-inf", "1,234", "1_000", "0x1F", "１２", "٣", "1e", "e1", ".", "1\x000"]
)
def test_not_a_number(text):
    assert parse_fen(text) == "not_a_number"


@pytest.mark.parametrize(
    "text",
    [
        "1e999",
        "-1e999",
        "1e" + "9" * 30,
        "9" * 5000,
        "9000000000.01",
        "0.001",
        "1e-5",
        "1e-" + "9" * 30,
        "0.01" + "0" * 60 + "1",
    ],
)
def test_out_of_range(text):
    assert parse_fen(text) == "out_of_range"


def test_yuan():
    assert str(yuan(123456)) == "1234.56"
    assert str(yuan(-5)) == "-0.05"
