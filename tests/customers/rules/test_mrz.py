from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import DocumentType, Sex
from customers.rules.mrz import MachineReadableZone, parse_mrz
from tests.customers.rules.vectors import TODAY

SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
LONG_NUMBER = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<<<<<<<<<<<<<<"


def test_the_specimen_passport_of_the_standard():
    assert parse_mrz(SPECIMEN, today=TODAY) == MachineReadableZone(
        document_type=DocumentType.FOREIGN_PASSPORT,
        document_number="L898902C3",
        name="ERIKSSON ANNA MARIA",
        birth_date=date(1974, 8, 12),
        sex=Sex.FEMALE,
        nationality="UTO",
        issuing_state="UTO",
        valid_until=date(2012, 4, 15),
        errors=(),
    )


def test_a_chinese_passport():
    upper = "POCHNGU<<QINGHE".ljust(44, "<")
    lower = "E123456782CHN9108164F2905200<<<<<<<<<<<<<<<<"
    zone = parse_mrz(upper + lower, today=TODAY)
    assert (zone.document_type, zone.document_number, zone.name) == ("chinese_passport", "E12345678", "GU QINGHE")


def test_the_specimen_card_of_three_lines():
    zone = parse_mrz(CARD, today=TODAY)
    assert (zone.document_type, zone.document_number, zone.birth_date, zone.valid_until, zone.errors) == (
        None,
        "D23145890",
        date(1974, 8, 12),
        date(2012, 4, 15),
        (),
    )


def test_a_long_number_goes_on_in_the_optional_field():
    zone = parse_mrz(LONG_NUMBER, today=TODAY)
    assert (zone.document_number, zone.errors) == ("D23145890734", ())


@pytest.mark.parametrize(
    ("place", "errors"),
    [
        (45, ("number", "composite")),
        (59, ("birth_date", "composite")),
        (68, ("valid_until", "composite")),
        (88, ("composite",)),
    ],
)
def test_wrong_digits_are_named(place, errors):
    wrong = SPECIMEN[:place] + str((int(SPECIMEN[place], 36) + 1) % 10) + SPECIMEN[place + 1 :]
    assert parse_mrz(wrong, today=TODAY).errors == errors


def test_full_width_and_lower_case_are_read():
    assert parse_mrz(SPECIMEN.lower().replace("<", "＜"), today=TODAY) == parse_mrz(SPECIMEN, today=TODAY)


def test_states_with_codes_of_their_own():
    zone = parse_mrz(SPECIMEN.replace("UTO", "D<<"), today=TODAY)
    assert (zone.nationality, zone.issuing_state) == ("DEU", "DEU")


@given(st.one_of(st.text(), st.text("PAI0<X", min_size=88, max_size=88), st.text("PAI0<X", min_size=90, max_size=90)))
def test_any_text_gets_an_answer(text):
    zone = parse_mrz(text, today=TODAY)
    assert zone is None or isinstance(zone.errors, tuple)


@pytest.mark.parametrize("text", ["", "11010519491231002X", SPECIMEN[:-1], "V" + SPECIMEN[1:]])
def test_what_is_no_zone(text):
    assert parse_mrz(text, today=TODAY) is None
