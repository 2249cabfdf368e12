"""A cell that a spreadsheet would take for a formula gets an apostrophe before it, and loses it when it comes back."""

import re

RISKY = "=+-@\t\r"
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


def is_formula(text: str) -> bool:
    return text[:1] in RISKY and text != "" and not NUMBER.fullmatch(text)


def defused(text: str) -> str:
    """One apostrophe more also where some stand already, so that `restored` gives back exactly what was there."""
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def restored(text: str) -> str:
    """The cell as it was before `defused`."""
    return text[1:] if text[:1] == "'" and is_formula(text.lstrip("'")) else text
