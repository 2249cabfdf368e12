"""The customer number (客户号): twelve digits that tell nothing of the person or the order of opening (rules 1.2)."""

import re

from customers.rules.check_digits import mod_11_10

LENGTH = 12
FIRST_BODY, BODIES = 10**10, 9 * 10**10  # bodies of eleven digits that do not begin with 0
STRIDE, START = 38_196_601_247, 52_030_774_093  # the stride shares no factor with BODIES, so no two serials meet
BACK = pow(STRIDE, -1, BODIES)
ANY_NUMBER = re.compile(r"[0-9]{6,20}")


def customer_number(serial: int) -> str:
    """Of a serial from the database's sequence, 1 to 90,000 million: scattered over all bodies, each used once."""
    body = str(FIRST_BODY + (START + serial * STRIDE) % BODIES)
    return body + mod_11_10(body)


def is_issued_number(text: str) -> bool:
    """Of our own making; numbers taken over from a core system need not be."""
    shaped = re.fullmatch(r"[1-9][0-9]{11}", text)
    return bool(shaped) and mod_11_10(text[:-1]) == text[-1]


def serial_of(text: str) -> int | None:
    """The serial whose number it is; None for what is not of our making."""
    return (int(text[:-1]) - FIRST_BODY - START) * BACK % BODIES if is_issued_number(text) else None


def is_customer_number(text: str) -> bool:
    """Ours, or one of the 6 to 20 digits taken over from a core system."""
    return bool(ANY_NUMBER.fullmatch(text))
