"""Document numbers without birth date or check digit: their shape is all that can be tested (rules 2.1, 2.5)."""

import re
import unicodedata
from dataclasses import dataclass

from customers.enums import DocumentType
from customers.rules.countries import CHINA
from customers.rules.reading import Reading

NON_CHINESE_PERMIT = re.compile(r"[HM]A[0-9]{7}")
USUAL_CHINESE_PASSPORT = re.compile(
    r"E[0-9A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|[DSP][0-9]{7,8}|(DE|SE|PE)[0-9]{7}|1[45][0-9]{7}"
    r"|[KH][0-9]{8}|KJ[0-9]{7}|MA[0-9]{7}|M[0-9]{8}"
)


@dataclass(frozen=True)
class Pattern:
    """A number made of `characters` only that fails `whole` has the wrong length; any other is wrongly formed."""

    whole: re.Pattern
    characters: re.Pattern


PATTERNS = {
    DocumentType.CHINESE_PASSPORT: Pattern(re.compile(r"[A-Z0-9]{5,17}"), re.compile(r"[A-Z0-9]+")),
    DocumentType.FOREIGN_PASSPORT: Pattern(re.compile(r"[A-Z0-9]{5,17}"), re.compile(r"[A-Z0-9]+")),
    DocumentType.HK_MACAO_PERMIT: Pattern(
        re.compile(r"[HM]([0-9]{8}|[0-9]{10})|[HM]A[0-9]{7}"), re.compile(r"[HM]A?[0-9]+")
    ),
    DocumentType.TAIWAN_PERMIT: Pattern(re.compile(r"[0-9]{8}|[0-9]{10}([A-Z]|\([A-Z]\))?"), re.compile(r"[0-9]+")),
    DocumentType.MILITARY_ID: Pattern(
        re.compile(r"[\u4e00-\u9fa5]{1,3}字第[0-9A-Z]{4,8}号?"), re.compile(r"[\u4e00-\u9fa5]{1,3}字第[0-9A-Z]*号?")
    ),
}
NATIONALITIES = {
    DocumentType.CHINESE_PASSPORT: CHINA,
    DocumentType.HK_MACAO_PERMIT: CHINA,
    DocumentType.TAIWAN_PERMIT: CHINA,
    DocumentType.MILITARY_ID: CHINA,
}
LONGEST_OTHER = 40


def read_pattern(document_type: DocumentType, number: str) -> Reading:
    problem = _problem(PATTERNS[document_type], number)
    return Reading(
        errors=(problem,) if problem else (),
        warnings=("unusual_shape",) if not problem and is_unusual(document_type, number) else (),
        nationality=None if NON_CHINESE_PERMIT.fullmatch(number) else NATIONALITIES.get(document_type),
    )


def _problem(pattern: Pattern, number: str) -> str | None:
    if not number:
        return "empty"
    if pattern.whole.fullmatch(number):
        return None
    return "length" if pattern.characters.fullmatch(number) else "format"


def is_unusual(document_type: DocumentType, number: str) -> bool:
    """New series of passports appear before any list knows them: worth a second look, no ground to refuse."""
    return document_type == DocumentType.CHINESE_PASSPORT and not USUAL_CHINESE_PASSPORT.fullmatch(number)


def read_other(number: str) -> Reading:
    """Work cards, certificates, student cards: 1 to 40 characters that can be printed."""
    if not number:
        return Reading(errors=("empty",))
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") or c == "\ufffd" for c in number[:LONGEST_OTHER]):
        return Reading(errors=("format",))
    return Reading(errors=("length",) if len(number) > LONGEST_OTHER else ())
