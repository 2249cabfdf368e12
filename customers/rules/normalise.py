"""How a typed, pasted or scanned document number becomes the form that is checked, stored and compared (rules 2.2)."""

import re
import unicodedata

from customers.enums import DocumentType

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
LONGEST_READ = 1000  # no document number is longer than 40; more than this is refused without being read to its end
SURROGATE = re.compile("[\ud800-\udfff]")
_DROP_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))


def normalise(document_type: str, text: str) -> str:
    """Letters are never coerced: a Cyrillic or mathematical X stays what it is and fails the type's pattern later.

    A household register prints the number with hyphens between its groups, so there they are dropped; elsewhere
    they stay. A military document loses its whitespace only.
    """
    text = without_surrogates(_shortened(text))
    if document_type == DocumentType.MILITARY_ID:
        return without_whitespace(text)
    text = unicodedata.normalize("NFKC", text).translate(_DROP_INVISIBLE)
    text = _upper(without_whitespace(text))[:LONGEST_READ]
    text = unicodedata.normalize("NFKC", text)  # what whitespace kept apart may have met: twice must be once
    return text.replace("-", "") if document_type == DocumentType.HOUSEHOLD_REGISTER else text


def without_whitespace(text: str) -> str:
    return "".join(text.split())


def without_surrogates(text: str) -> str:
    """Half a UTF-16 pair can be neither stored nor sent back, though JSON lets it in: U+FFFD stands for it."""
    return SURROGATE.sub("\ufffd", text)


def _shortened(text: str) -> str:
    """Megabytes cost a glance. What only fills space goes first, so that nothing behind it is cut off unseen."""
    if len(text) <= LONGEST_READ:
        return text
    for filler in INVISIBLE:
        text = text.replace(filler, "")
    return without_whitespace(text)[:LONGEST_READ]


def _upper(text: str) -> str:
    """Upper case that makes no ASCII letter out of another one: `ı` is no I, `ß` no SS."""
    if text.isascii():
        return text.upper()
    return "".join(c if not c.isascii() and c.upper().isascii() else c.upper() for c in text)
