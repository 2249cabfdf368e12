from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.enums import Sex
from customers.rules.ethnic_groups import BY_CODE, ethnic_group
from customers.rules.reader_line import SEPARATORS, WIDTHS, parse_reader_line
from tests.customers.numbers import citizen_number

TODAY = date(2026, 11, 24)
NUMBER = "11010519491231002X"
FIELDS = (
    "王小芳",
    "女",
    "汉",
    "19491231",
    "北京市朝阳区样例路1号",
    NUMBER,
    "北京市公安局朝阳分局",
    "20150101",
    "20350101",
)


def read(text):
    return parse_reader_line(text, today=TODAY)


def line(*, sep="|", **changed):
    names = ("name", "sex", "group", "born", "address", "number", "authority", "since", "until")
    return sep.join((dict(zip(names, FIELDS, strict=True)) | changed).values())


def record(*fields):
    return "".join(text.ljust(width) for text, width in zip(fields, WIDTHS, strict=True))


@pytest.mark.parametrize("sep", list(SEPARATORS))
def test_every_separator(sep):
    found = read(line(sep=sep))
    assert (found.name, found.sex, found.ethnic_group) == ("王小芳", Sex.FEMALE, "汉族")
    assert (found.document_number, found.birth_date) == (NUMBER, date(1949, 12, 31))
    assert (found.address, found.issuing_authority) == ("北京市朝阳区样例路1号", "北京市公安局朝阳分局")
    assert (found.valid_from, found.valid_until, found.long_term) == (date(2015, 1, 1), date(2035, 1, 1), False)


def test_the_cards_own_record():
    coded = ("王小芳", "2", "01", *FIELDS[3:])
    assert read(record(*coded)) == read(line())
    assert read(record(*coded) + "\r\n") == read(line())
    assert read(record(*coded).replace(" ", "\u3000")) == read(line())


@pytest.mark.parametrize("until", ["长期", "", "00000000", "99991231", "长期 "])
def test_long_term_in_every_spelling(until):
    found = read(line(until=until))
    assert (found.valid_until, found.long_term) == (None, True)


def test_what_the_reader_leaves_away_is_not_long_term():
    found = read(record("王小芳", "2", "01", *FIELDS[3:6], "", "", "").rstrip())
    assert (found.valid_from, found.valid_until, found.long_term, found.issuing_authority) == (None, None, False, "")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (line(address="朝阳区，某路1号"), "朝阳区,某路1号"),
        (line(address="某路 1 号"), "某路 1 号"),
        ("\ufeff" + line() + "\r\n", FIELDS[4]),
        (line().translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789X|"}), FIELDS[4].replace("1", "1")),
        (line() + "|reader-07|", FIELDS[4]),
    ],
    ids=["comma", "blanks", "bom and line end", "full-width", "more fields"],
)
def test_what_readers_do_beside(text, address):
    assert read(text).address == address


@pytest.mark.parametrize("born", ["1949-12-31", "1949.12.31", "1949年12月31日", ""])
def test_days_in_every_spelling(born):
    assert read(line(born=born)).birth_date == date(1949, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NUMBER,
        "王小芳|女|汉",
        "|".join("x" * 9),
        line(number="110105194912310021"),
        line(number=""),
        line(name=""),
        line(name="<script>"),
        line(born="19491230"),
        line(until="2035-13-40"),
        line() * 3,
        "|" * 2000,
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ],
    ids=repr,
)
def test_what_is_none_or_contradicts_itself(text):
    assert read(text) is None


def test_the_codes_of_all_peoples():
    assert (len(BY_CODE), ethnic_group("01"), ethnic_group("5"), ethnic_group("56")) == (
        56,
        "汉族",
        "维吾尔族",
        "基诺族",
    )
    assert (ethnic_group("97"), ethnic_group("壮族"), ethnic_group("壮"), ethnic_group("")) == ("", "壮族", "壮族", "")


names = st.text("王李张顾青禾欧阳娜·", min_size=1, max_size=15).filter(lambda text: text.strip("·"))
places = st.text("浙江杭州市西湖区样例路号0123456789-", max_size=35)


@given(
    name=names,
    address=places,
    authority=st.text("杭州市公安局西湖分", max_size=15),
    born=st.dates(date(1950, 1, 1), date(2010, 1, 1)),
    place=st.integers(1, 899),
    code=st.sampled_from(sorted(BY_CODE)),
    since=st.dates(date(2007, 1, 1), TODAY),
    years=st.sampled_from((None, 5, 10, 20)),
    sep=st.sampled_from([*SEPARATORS, None]),
)
def test_what_was_written_is_what_is_read(name, address, authority, born, place, code, since, years, sep):
    until = since.replace(year=since.year + years, day=min(since.day, 28)) if years else None
    number = citizen_number(born, sequence=f"{place:03}")
    sex = Sex.MALE if place % 2 else Sex.FEMALE
    days = f"{born:%Y%m%d}", f"{since:%Y%m%d}", f"{until:%Y%m%d}" if until else "长期"
    fields = (name, "1" if place % 2 else "2", code, days[0], address, number, authority, days[1], days[2])
    found = read(sep.join(fields) if sep else record(*fields))
    assert (found.name, found.sex, found.birth_date, found.document_number) == (name, sex, born, number)
    assert (found.ethnic_group, found.address, found.issuing_authority) == (ethnic_group(code), address, authority)
    assert (found.valid_from, found.valid_until, found.long_term) == (since, until, until is None)


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text):
    assert read(text) is None
