"""What a card reader types for a resident ID card: one line with separators, or the card's own record as text.

The record is that of GA 450 (second-generation card, decoded from UTF-16): name 15 characters, sex 1, ethnic group 2,
birth date 8, address 35, number 18, issuing authority 15, first and last day of validity 8 each; padded with blanks.
Readers leave blanks at the end away. Sex and ethnic group are codes of GB/T 2261.1 and GB/T 3304, or words.
"""

import re
from dataclasses import dataclass
from datetime import date

from customers.enums import DocumentType, Sex
from customers.rules.documents import parse_document
from customers.rules.ethnic_groups import ethnic_group
from customers.rules.normalise import INVISIBLE, LONGEST_READ
from customers.rules.reading import parse_date
from customers.rules.texts import name_problem

SEPARATORS = "|\t^,"  # in the order in which they are tried: an address may have a comma, hardly a bar
WIDTHS = (15, 1, 2, 8, 35, 18, 15, 8, 8)
FEWEST, MOST = 8, 12  # fields; further ones (a device's number, a picture's path) are left alone
RECORD = re.compile(r".{15}[0-9男女].{2}[0-9]{8}.{35}[0-9]{17}[0-9X]", re.DOTALL)
SHORTEST_RECORD = sum(WIDTHS[:6])
LONG_TERM = frozenset({"长期", "長期", "00000000", "99991231"})
SEXES = {"1": Sex.MALE, "男": Sex.MALE, "M": Sex.MALE, "2": Sex.FEMALE, "女": Sex.FEMALE, "F": Sex.FEMALE}
_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x3000, 0x00), " "),
    **dict.fromkeys(map(ord, INVISIBLE)),
}
DAY = re.compile(r"([0-9]{4})[-./年]?([0-9]{2})[-./月]?([0-9]{2})日?")


@dataclass(frozen=True)
class ReaderLine:
    """Of a resident ID card whose number is right; what the reader did not say is blank or None."""

    document_number: str
    name: str
    sex: Sex | None
    ethnic_group: str
    birth_date: date
    address: str
    issuing_authority: str
    valid_from: date | None
    valid_until: date | None
    long_term: bool


def parse_reader_line(text: str, *, today: date) -> ReaderLine | None:
    """None for what is no such line, or one whose number, name or days contradict themselves."""
    fields = fields_of(_plain(text))
    return _read(fields, today) if fields else None


def fields_of(text: str) -> list[str] | None:
    """The nine fields, blank where the line ends before; None where it is of neither kind."""
    for separator in SEPARATORS:
        parts = [part.strip() for part in text.strip(" \r\n").split(separator)]
        if FEWEST <= len(parts) <= MOST:
            return (parts + [""])[: len(WIDTHS)]
    record = text.rstrip("\r\n")
    return _cut(record) if len(record) >= SHORTEST_RECORD and RECORD.match(record) else None


def _plain(text: str) -> str:
    """Half-width, without what cannot be seen. Blanks stay and no character becomes two: a record is cut by places."""
    return text[:LONGEST_READ].translate(_PLAIN)


def _cut(record: str) -> list[str]:
    fields, at = [], 0
    for width in WIDTHS:
        fields.append(record[at : at + width].strip())
        at += width
    return fields


def _read(fields: list[str], today: date) -> ReaderLine | None:
    name, sex, group, born, address, number, authority, since, until = fields
    paper = parse_document(DocumentType.RESIDENT_ID, number, today=today)
    first, last = _day(since), _day(until)
    long_term = until in LONG_TERM or bool(first and not until)
    told = _day(born) if born else paper.birth_date
    if paper.errors or name_problem(name) or told != paper.birth_date or (until and not last and not long_term):
        return None
    return ReaderLine(
        document_number=paper.normalized,
        name=name,
        sex=SEXES.get(sex.upper(), paper.sex),
        ethnic_group=ethnic_group(group),
        birth_date=paper.birth_date,
        address=address,
        issuing_authority=authority,
        valid_from=first,
        valid_until=None if long_term else last,
        long_term=long_term,
    )


def _day(text: str) -> date | None:
    found = DAY.fullmatch(text)
    return parse_date("".join(found.groups())) if found else None
