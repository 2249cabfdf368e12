"""Amounts of files and forms as whole fen (1 yuan = 100 fen)."""

import re
from decimal import Context, Decimal

# The sum of ten million of them still fits a bigint.
LARGEST = 9 * 10**11  # fen, 9 billion yuan
PLAIN = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:[eE]([+-]?[0-9]+))?", re.ASCII)
LONGEST = 80  # characters
EXACT = Context(prec=LONGEST + 2)


def parse_fen(text: str) -> int | str:
    """Whole fen, or the code of what is wrong: `not_a_number`, `out_of_range` (too large, or less than a fen)."""
    text = text.strip()
    found = PLAIN.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return "not_a_number"
    amount, exponent = Decimal(found[1]), int(found[2] or 0)
    if not amount:
        return 0
    if not -LONGEST < amount.adjusted() + exponent <= 15:
        return "out_of_range"
    fen = EXACT.scaleb(amount, exponent + 2)
    return int(fen) if fen == fen.to_integral_value() and abs(fen) <= LARGEST else "out_of_range"


def yuan(fen: int) -> Decimal:
    """Two decimals, as the API writes money."""
    return Decimal(fen).scaleb(-2)
