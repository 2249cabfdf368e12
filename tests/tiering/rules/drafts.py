"""Drafted policies as hypothesis makes them: other limits, other ends, other ages, other owners."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.tiering.rules.policies import STANDARD
from tiering.enums import CardLevel
from tiering.rules.policy import Policy, Scope

YUAN = 100
# Possible lower limits in yuan, from the highest tier; the first of each is the standard's.
FLOORS = ((2_000_000, 1_000_000, 2_500_000), (200_000, 300_000), (100_000, 120_000), (50_000, 40_000, 60_000))
ODD = ((2_000_000.55,), (200_500, 300_000), (100_000,), (50_000, 49_999.99))
EDGES = tuple(round(each * YUAN) for floors in (*FLOORS, *ODD) for each in floors)
AGES = ((60, True), (60, False), (65, True), (35, False), (None, True))


def made(floors: tuple, closed: tuple[bool, ...], age: tuple, positions: tuple[str, ...] | None) -> Policy:
    """Contiguous: every band ends where the one above it begins."""
    bands, above = [], None
    for band, floor, inclusive in zip(STANDARD.bands, floors, closed, strict=True):
        ends = {"floor": round(floor * YUAN), "floor_inclusive": inclusive}
        ends |= {"ceiling": above and above.floor, "ceiling_inclusive": bool(above and not above.floor_inclusive)}
        above = replace(band, **ends)
        bands.append(above)
    lowest = {"max_age": age[0], "max_age_inclusive": age[1]}
    bands[-1] = replace(bands[-1], **lowest, **({} if positions is None else {"positions": positions}))
    return replace(STANDARD, version=2, bands=tuple(bands))


def drafts(floors=FLOORS) -> st.SearchStrategy[Policy]:
    return st.builds(
        made,
        st.tuples(*(st.sampled_from(each) for each in floors)),
        st.tuples(*[st.booleans()] * 4),
        st.sampled_from(AGES),
        st.sampled_from([None, None, ("lobby_manager",)]),
    )


def aged(years: int) -> Policy:
    return made(tuple(floors[0] for floors in FLOORS), (False, True, True, True), (years, True), None)


def rescoped() -> st.SearchStrategy[Policy]:
    """Other limits beside the assets too."""
    return st.builds(lambda draft, scope: replace(draft, scope=scope), drafts(FLOORS) | drafts(ODD), scopes())


def scopes() -> st.SearchStrategy[Scope]:
    now = STANDARD.scope
    amounts = ("card_spend_year", "personal_loan_balance", "custody_margin")
    limits = [
        st.sampled_from([limit // 2, 1, limit - 1, limit, limit + 1])
        for limit in (getattr(now, name) for name in amounts)
    ]
    return st.builds(Scope, *limits, st.sampled_from(CardLevel))
