"""What a name, a telephone number, an address may look like: cleaning and the one thing wrong with it (rules 1.1)."""

import re
import unicodedata
from datetime import date

from customers.rules.normalise import without_whitespace
from customers.rules.reading import parse_date

NAME_MARKS = frozenset(" ·-'’.〇")
LONGEST_NAME, LONGEST_LINE, LONGEST_EMAIL = 100, 200, 254
MAINLAND_MOBILE = re.compile(r"1[3-9][0-9]{9}")
E_164 = re.compile(r"\+[1-9][0-9]{6,14}")
LANDLINE = re.compile(r"(0[0-9]{2,3}-?)?[1-9][0-9]{6,7}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
EMOJI = re.compile("[\u20e3\u2600-\u27bf\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]")


def clean_text(text: str) -> str:
    """NFC, and nothing at the ends; what stands inside is the document's own."""
    return unicodedata.normalize("NFC", text).strip() if len(text) <= 10 * LONGEST_LINE else text


def clean_telephone(text: str) -> str:
    """Half-width and without the spaces and hyphens of a mobile number; +86 before a mainland mobile is left out."""
    if len(text) > LONGEST_LINE:
        return text
    number = without_whitespace(unicodedata.normalize("NFKC", text))
    bare = re.sub(r"^(\+86|0086)", "", number).replace("-", "")
    return bare if MAINLAND_MOBILE.fullmatch(bare) else number


def name_problem(name: str) -> str | None:
    """Letters of any script with the marks names are written with; rare Han beyond Python's tables included."""
    if not name:
        return "required"
    if len(name) > LONGEST_NAME:
        return "length"
    if not all(_belongs_in_a_name(c) for c in name) or not any(_is_letter(c) for c in name):
        return "format"
    return None


def _belongs_in_a_name(character: str) -> bool:
    return _is_letter(character) or character in NAME_MARKS or unicodedata.category(character) in ("Mn", "Mc")


def _is_letter(character: str) -> bool:
    """Planes 2 and 3 hold nothing but Han, some of it younger than this Python's Unicode tables."""
    return character == "〇" or unicodedata.category(character)[0] == "L" or 0x20000 <= ord(character) <= 0x3FFFD


def mobile_problem(number: str) -> str | None:
    """A mainland number, or one abroad in E.164; nothing else begins with +86."""
    if not number or MAINLAND_MOBILE.fullmatch(number):
        return None
    return None if E_164.fullmatch(number) and not number.startswith("+86") else "format"


def phone_problem(number: str) -> str | None:
    if not number or mobile_problem(number) is None or E_164.fullmatch(number):
        return None
    return None if LANDLINE.fullmatch(number) else "format"


def email_problem(address: str) -> str | None:
    if len(address) > LONGEST_EMAIL:
        return "length"
    return None if not address or EMAIL.fullmatch(address) else "format"


def line_problem(text: str, longest: int = LONGEST_LINE) -> str | None:
    """One line of prose: an address, a reason. Control characters, half characters and emoji are no writing."""
    if len(text) > longest:
        return "length"
    return None if is_printable_line(text) else "format"


def is_printable_line(text: str) -> bool:
    unprintable = any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in text)
    return not unprintable and not EMOJI.search(text) and "\ufffd" not in text


def parse_iso_date(value) -> date | None:
    """From a date or `YYYY-MM-DD`; None for anything else."""
    if isinstance(value, date):
        return value
    digits = (
        value.replace("-", "") if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else ""
    )
    return parse_date(digits)
