"""Whether a customer has all the owners that the tier wants (rules 4.2, decision D11)."""

from collections.abc import Iterable
from enum import Enum

from tiering.rules.policy import Band


class Completeness(Enum):
    """A warning: enough for the tier, and not everybody whom the policy names."""

    COMPLETE = "complete"
    WARNING = "warning"
    INCOMPLETE = "incomplete"


def completeness(band: Band, positions_held: Iterable[str]) -> Completeness:
    """Of the positions of all present owners. Where one owner is enough it may be anybody: who rose into the tier and
    stays with the former owner lacks nobody (rules 4.4).
    """
    held = set(positions_held)
    if not missing_positions(band, held):
        return Completeness.COMPLETE
    fitting = len(held.intersection(band.positions))
    enough = bool(held) if band.positions_needed == 1 else fitting >= band.positions_needed
    if not enough:
        return Completeness.INCOMPLETE
    return Completeness.COMPLETE if len(band.positions) == 1 else Completeness.WARNING


def missing_positions(band: Band, positions_held: Iterable[str]) -> tuple[str, ...]:
    """In the policy's order."""
    held = set(positions_held)
    return tuple(position for position in band.positions if position not in held)
