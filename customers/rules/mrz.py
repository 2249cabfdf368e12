"""The machine-readable zone (ICAO 9303) as a reader types it: passports (TD3) and cards of three lines (TD1)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from customers.enums import DocumentType, Sex
from customers.rules.check_digits import icao
from customers.rules.countries import CHINA
from customers.rules.normalise import LONGEST_READ, without_whitespace
from customers.rules.reading import parse_date, parse_short_date

SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}
STATES_WITH_OWN_CODES = {"D": "DEU", "GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR"}
OPTIONAL_LINE_1, OPTIONAL_LINE_2 = slice(15, 30), slice(18, 29)


@dataclass(frozen=True)
class MachineReadableZone:
    """`errors` names fields whose check digit does not verify: number birth_date valid_until optional composite.

    `document_type` is None for a card that the zone alone does not tell apart; nationality is alpha-3.
    """

    document_type: DocumentType | None
    document_number: str
    name: str
    birth_date: date | None
    sex: Sex | None
    nationality: str
    issuing_state: str
    valid_until: date | None
    errors: tuple[str, ...]


def parse_mrz(text: str, *, today: date) -> MachineReadableZone | None:
    """Line ends do not matter; None when it is no such zone."""
    zone = without_whitespace(unicodedata.normalize("NFKC", text[:LONGEST_READ])).upper()
    if not re.fullmatch(r"[A-Z0-9<]+", zone):
        return None
    if len(zone) == 88 and zone[0] == "P":
        return _parse_passport(zone[:44], zone[44:], today)
    if len(zone) == 90 and zone[0] in "ACI":
        return _parse_card(zone[:30], zone[30:60], zone[60:], today)
    return None


def _parse_passport(upper: str, lower: str, today: date) -> MachineReadableZone:
    checked = {
        "number": (lower[:9], lower[9]),
        "birth_date": (lower[13:19], lower[19]),
        "valid_until": (lower[21:27], lower[27]),
        "optional": (lower[28:42], lower[42]),
        "composite": (lower[:10] + lower[13:20] + lower[21:43], lower[43]),
    }
    issuing_state = _state(upper[2:5])
    kind = DocumentType.CHINESE_PASSPORT if issuing_state == CHINA else DocumentType.FOREIGN_PASSPORT
    return _zone(kind, lower[:9], upper[5:], lower[13:], lower[10:13], issuing_state, checked, today)


def _parse_card(first: str, second: str, names: str, today: date) -> MachineReadableZone:
    number, check = _card_number(first)
    checked = {
        "number": (number, check),
        "birth_date": (second[:6], second[6]),
        "valid_until": (second[8:14], second[14]),
        "composite": (first[5:30] + second[:7] + second[8:15] + second[OPTIONAL_LINE_2], second[29]),
    }
    return _zone(None, number, names, second, second[15:18], _state(first[2:5]), checked, today)


def _card_number(first: str) -> tuple[str, str]:
    """A number of more than nine characters has `<` for its check digit and goes on in the optional field."""
    number, check, rest = first[5:14], first[14], first[OPTIONAL_LINE_1].split("<")[0]
    return (number + rest[:-1], rest[-1]) if check == "<" and rest else (number, check)


def _zone(kind, number, names, dates, nationality, issuing_state, checked, today) -> MachineReadableZone:
    """`dates` begins with the birth date; check, sex and last day of validity follow in either format."""
    return MachineReadableZone(
        document_type=kind,
        document_number=number.rstrip("<"),
        name=" ".join(re.sub("<+", " ", names).split()),
        birth_date=parse_short_date(dates[:6], until=today),
        sex=SEXES.get(dates[7]),
        nationality=_state(nationality),
        issuing_state=issuing_state,
        valid_until=parse_date("20" + dates[8:14]),
        errors=tuple(field for field, (data, check) in checked.items() if not _verifies(data, check)),
    )


def _verifies(data: str, check: str) -> bool:
    """An empty optional field may carry the filler instead of 0."""
    return icao(data) == check or (check == "<" and not data.strip("<"))


def _state(code: str) -> str:
    code = code.rstrip("<")
    return STATES_WITH_OWN_CODES.get(code, code)
