import pytest

from tiering.enums import CardLevel, Reason
from tiering.rules.money import LARGEST
from tiering.rules.snapshot_line import Line, column_at_fault, parse_line

CATEGORIES = {"deposit": 0, "存款": 0, "fund": 2, "基金": 2, "e_banking": 7, "电子银行": 7}
WEALTH, PRIVATE = int(Reason.ADMISSION_WEALTH_MANAGEMENT), int(Reason.ADMISSION_PRIVATE_WEALTH)


def parse(aum="1", number="123456", **cells):
    return parse_line({"customer_number": number, "aum": aum} | cells, CATEGORIES)


def test_the_two_obligatory_columns_are_enough():
    assert parse("49999.99") == Line("123456", 4_999_999)


def test_every_column():
    line = parse(
        " -12.5 ",
        number=" 12345678901234567890 ",
        card_spend_year="6.2e4",
        personal_loan_balance="300000",
        custody_margin=".01",
        card_level=" GOLD ",
        admission_private_wealth="1",
        admission_wealth_management="是",
        product_categories=" Deposit;基金；fund; ",
    )
    assert line == Line(
        "12345678901234567890", -1250, 6_200_000, 30_000_000, 1, CardLevel.GOLD, PRIVATE + WEALTH, 0b101
    )


def test_empty_cells_are_nothing():
    names = ("card_spend_year", "personal_loan_balance", "custody_margin", "card_level", "product_categories")
    flags = ("admission_private_wealth", "admission_wealth_management")
    assert parse("0", **dict.fromkeys((*names, *flags), " ")) == Line("123456", 0)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        *[("none", 0), ("Standard", 1), ("GOLD", 2), ("platinum", 3), ("diamond", 4)],
        *[("无", 0), ("普通", 1), ("金", 2), ("白金", 3), ("钻石", 4)],
    ],
)
def test_card_levels(text, level):
    assert parse(card_level=text) == Line("123456", 100, card_level=CardLevel(level))


@pytest.mark.parametrize(("text", "bits"), [("0", 0), ("1", WEALTH), ("否", 0), ("1.0", WEALTH), ("+1", WEALTH)])
def test_flags(text, bits):
    assert parse(admission_wealth_management=text) == Line("123456", 100, admission=bits)


@pytest.mark.parametrize("number", ["", "12345", "1" * 21, "12345a", "１２３４５６", "123 456", "-123456"])
def test_what_is_no_customer_number_is_nobodys(number):
    assert parse(number=number) == "unknown_customer"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"aum": ""}, "not_a_number"),
        ({"aum": "NaN"}, "not_a_number"),
        ({"aum": "1,000.00"}, "not_a_number"),
        ({"aum": "1e999"}, "out_of_range"),
        ({"aum": "0.001"}, "out_of_range"),
        ({"aum": "10000000000000.01"}, "out_of_range"),
        ({"card_spend_year": "-0.01"}, "out_of_range"),
        ({"personal_loan_balance": "x"}, "not_a_number"),
        ({"custody_margin": "1e400"}, "out_of_range"),
        ({"card_level": "black"}, "unknown_card_level"),
        ({"admission_private_wealth": "2"}, "out_of_range"),
        ({"admission_private_wealth": "yes"}, "not_a_number"),
        ({"admission_wealth_management": "-1"}, "out_of_range"),
        ({"product_categories": "deposit;gold"}, "unknown_category"),
    ],
)
def test_each_code(cells, code):
    assert parse(**cells) == code


def test_the_first_fault_in_the_order_of_the_columns_is_told():
    assert parse("x", number="1", card_level="black") == "unknown_customer"
    assert parse("x", card_level="black", product_categories="gold") == "not_a_number"
    assert parse(card_level="black", product_categories="gold", admission_private_wealth="x") == "unknown_card_level"
    assert parse(product_categories="gold", admission_private_wealth="2") == "out_of_range"


def test_the_largest_amounts_are_taken():
    assert parse("9000000000", custody_margin="9E+9") == Line("123456", LARGEST, custody_margin=LARGEST)
    assert parse("-9000000000.00") == Line("123456", -LARGEST)
    assert parse("9000000000.01") == "out_of_range"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"aum": "x", "custody_margin": "x"}, "aum"),
        ({"aum": "1", "custody_margin": "-1", "admission_private_wealth": "2"}, "custody_margin"),
        ({"aum": "1", "card_level": "black", "admission_wealth_management": "2"}, "admission_wealth_management"),
        ({"aum": "1", "card_level": "black"}, None),
    ],
)
def test_the_column_of_a_wrong_number(cells, column):
    assert column_at_fault(cells) == column
