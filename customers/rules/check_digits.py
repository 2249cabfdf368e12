"""The check characters of identity documents, from published standards."""

WEIGHTS_MOD_11_2 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS_MOD_11_2 = "10X98765432"
WEIGHTS_ICAO = (7, 3, 1)


def mod_11_2(body: str) -> str:
    """ISO 7064 MOD 11-2 over 17 digits, as GB 11643-1999 uses it: a digit or X."""
    return CHECKS_MOD_11_2[sum(int(c) * w for c, w in zip(body, WEIGHTS_MOD_11_2, strict=True)) % 11]


def icao(data: str) -> str:
    """ICAO 9303 check digit of a field of the machine-readable zone: A-Z count 10 to 35, the filler `<` counts 0."""
    return str(sum(_icao_value(c) * WEIGHTS_ICAO[place % 3] for place, c in enumerate(data)) % 10)


def _icao_value(character: str) -> int:
    return 0 if character == "<" else int(character, 36)


def mod_11_10(body: str) -> str:
    """ISO 7064 MOD 11,10 over digits of any number: catches every single wrong digit and nearly every transposition."""
    rest = 10
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)
