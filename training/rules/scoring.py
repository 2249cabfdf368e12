"""How an attempt is marked (rules 7): equal weight, all or nothing, half up."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Score:
    """`points` out of 100 with two decimals; `by_question` says which ones were right."""

    points: Decimal
    right: int
    total: int
    by_question: dict[Hashable, bool]

    def passes(self, pass_mark: Decimal) -> bool:
        """The mark itself is a pass."""
        return self.points >= pass_mark


def is_right(key: Collection[str], chosen: Collection[str]) -> bool:
    """Exactly the key set: one missing or one too many is wrong, and so is no answer."""
    return bool(chosen) and set(chosen) == set(key)


def mark(keys: Mapping[Hashable, Collection[str]], answers: Mapping[Hashable, Collection[str]]) -> Score:
    """6 of 7 is 85.71. An attempt without questions scores 0.00; answers to unknown questions do not count."""
    by_question = {question: is_right(key, answers.get(question, ())) for question, key in keys.items()}
    right, total = sum(by_question.values()), len(by_question)
    points = Decimal(100 * right) / total if total else Decimal(0)
    return Score(points.quantize(HUNDREDTH, ROUND_HALF_UP), right, total, by_question)
