from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Sums:
    """Of one tier on one day; amounts in fen. `unowned`, `overdue`, `warned` and `incomplete` are None
    where nobody knows: on a day filled in later."""

    customers: int = 0
    aum: int = 0
    unowned: int | None = 0
    near_up: int = 0
    near_down: int = 0
    month_up: int = 0
    month_down: int = 0
    quarter_up: int = 0
    quarter_down: int = 0
    overdue: int | None = 0
    warned: int | None = 0
    incomplete: int | None = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(**{name: _added(getattr(self, name), getattr(other, name)) for name in NAMES})


NAMES = tuple(field.name for field in fields(Sums))


def _added(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
