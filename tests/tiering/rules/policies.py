"""The standard policy as rules read it, from the very file that installs it."""

import json
from datetime import date

from tiering.enums import CardLevel, Tier
from tiering.reference import DATA
from tiering.rules.money import parse_fen
from tiering.rules.policy import Band, Policy, Scope


def standard_policy() -> Policy:
    given = json.loads(DATA.read_text(encoding="utf-8"))
    amounts = ("card_spend_year", "personal_loan_balance", "custody_margin")
    scope = Scope(
        *(parse_fen(given["scope"][name]) for name in amounts), CardLevel.of_code(given["scope"]["card_level"])
    )
    bands = tuple(_band(**each) for each in given["bands"])
    categories = {each["code"]: bit for bit, each in enumerate(given["product_categories"])}
    return Policy(1, date.fromisoformat(given["effective_from"]), bands, scope, categories)


def _band(tier, floor, ceiling, positions, **rest) -> Band:
    return Band(
        tier=Tier.of_code(tier),
        floor=parse_fen(floor),
        ceiling=ceiling and parse_fen(ceiling),
        positions=tuple(positions),
        **rest,
    )


STANDARD = standard_policy()
