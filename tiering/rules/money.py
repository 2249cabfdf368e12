"""Amounts of files and forms as whole fen (1 yuan = 100 fen)."""

import re
from decimal import Decimal

# The sum of ten million of them still fits a bigint.
LARGEST = 9 * 10**11  # fen, 9 billion yuan
DIGITS = len(str(LARGEST))
FAR = 10**9  # no exponent is looked at beyond it
PLAIN = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?)([0-9]+))?", re.ASCII)


def parse_fen(text: str) -> int | str:
    """Whole fen, or the code of what is wrong: `not_a_number`, `out_of_range` (too large, or less than a fen)."""
    found = PLAIN.fullmatch(text.strip())
    if found is None:
        return "not_a_number"
    sign, whole, fraction, bare, direction, exponent = found.groups(default="")
    digits = (whole + fraction + bare).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return 0
    zeros = _shift(direction, exponent) + 2 - len(fraction + bare) + len(digits) - len(significant)
    if zeros < 0 or len(significant) + zeros > DIGITS:
        return "out_of_range"
    fen = int(significant) * 10**zeros
    return "out_of_range" if fen > LARGEST else -fen if sign == "-" else fen


def _shift(direction: str, exponent: str) -> int:
    exponent = exponent.lstrip("0")
    places = int(exponent or 0) if len(exponent) < len(str(FAR)) else FAR
    return -places if direction == "-" else places


def yuan(fen: int) -> Decimal:
    """Two decimals, as the API writes money."""
    return Decimal(fen).scaleb(-2)
