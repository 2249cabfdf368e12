"""Amounts of files and forms as whole fen (1 yuan = 100 fen)."""

import re
from decimal import Decimal

# Twelve digits of yuan and more fit no customer; bigint and sums of millions of them still hold.
LARGEST = 10**15  # fen, 10 trillion yuan
PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?", re.ASCII)


def parse_fen(text: str) -> int | str:
    """Whole fen, or the code of what is wrong: `not_a_number`, `out_of_range` (too large, or less than a fen)."""
    text = text.strip()
    if len(text) > 60 or not PLAIN.fullmatch(text):
        return "not_a_number"
    amount = Decimal(text)
    if amount.adjusted() > 15:
        return "out_of_range" if amount else 0
    fen = amount * 100
    return int(fen) if fen == fen.to_integral_value() and abs(fen) <= LARGEST else "out_of_range"


def yuan(fen: int) -> Decimal:
    """Two decimals, as the API writes money."""
    return Decimal(fen).scaleb(-2)
