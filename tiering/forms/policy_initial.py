"""A draft as the form first shows it."""

from decimal import Decimal

from tiering.messages import TEN_THOUSAND
from tiering.rules.policy import Band
from tiering.rules.policy_draft import AMOUNTS, Draft

INCLUSIVE = ("floor_inclusive", "ceiling_inclusive", "max_age_inclusive")


def values_of(draft: Draft) -> dict:
    """By the names of the fields, as they are once they have been read."""
    values = {
        "effective_from": draft.effective_from,
        "note": draft.note,
        "card_level": draft.scope.card_level.value,
        "downgrade_grace_days": draft.grace_days,
        **{name: getattr(draft.scope, name) for name in AMOUNTS},
    }
    for band in draft.bands:
        values |= {f"{band.tier.code}_{name}": value for name, value in vars(band).items() if name != "tier"}
    return values


def initial_of(draft: Draft) -> dict:
    values = values_of(draft) | {name: typed_amount(getattr(draft.scope, name)) for name in AMOUNTS}
    for band in draft.bands:
        values |= {f"{band.tier.code}_{name}": value for name, value in _initial_band(band).items()}
    for place, each in enumerate(draft.categories):
        values |= {f"category_code_{place}": each.code, f"category_name_{place}": each.name}
    return values


def _initial_band(band: Band) -> dict:
    ends = {name: "true" if getattr(band, name) else "false" for name in INCLUSIVE}
    ceiling = "" if band.ceiling is None else typed_amount(band.ceiling)
    amounts = {"floor": typed_amount(band.floor), "ceiling": ceiling, "max_age": band.max_age}
    return ends | amounts | {"positions": list(band.positions), "positions_needed": band.positions_needed}


def typed_amount(fen: int) -> str:
    return f"{(Decimal(fen) / TEN_THOUSAND).normalize():f}"
