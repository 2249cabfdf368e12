"""What a customer counts as in a quarter, in SQL; the twin is rules.indicators.parts_of."""

from psycopg2.sql import SQL, Composable, Literal

from tiering.enums import Tier
from tiering.rules.indicators import Part
from tiering.rules.policy import Band, Policy

# Nobody with less is in a higher band: for most the bands need not be looked at.
FELL = "{less} AND {now} < {was}"
ROSE = "{more} AND {now} > {was}"
# Distinct categories held that are in the list.
PRODUCTS = "bit_count(({listed} & coalesce({held}, 0))::bit(32))::smallint"


def reached(band: Band, aum: str) -> Composable:
    operator = SQL(">=") if band.floor_inclusive else SQL(">")
    return SQL("({} {} {})").format(SQL(aum), operator, Literal(band.floor))


def wealthy(policy: Policy, aum: str) -> Composable:
    """中高端."""
    return reached(policy.band(Tier.WEALTH_MANAGEMENT), aum)


def moved(policy: Policy) -> dict[str, Composable]:
    """`fell` and `rose` to another band, over opening_aum and closing_aum."""
    parts = {
        "was": _band(policy, "opening_aum"),
        "now": _band(policy, "closing_aum"),
        "less": SQL("closing_aum < opening_aum"),
        "more": SQL("closing_aum > opening_aum"),
    }
    return {"fell": SQL(FELL).format(**parts), "rose": SQL(ROSE).format(**parts)}


def conditions(policy: Policy) -> dict[Part, Composable]:
    """Over opening_aum, closing_aum, the owners and is_closed."""
    move, owned = moved(policy), SQL("opening_owner_id IS NOT NULL")
    entered, enters = reached(policy.entry, "opening_aum"), reached(policy.entry, "closing_aum")
    return {
        Part.OPENING: owned,
        Part.CHURNED: SQL("{} AND (is_closed OR {})").format(owned, move["fell"]),
        Part.UPGRADED: SQL("{} AND NOT is_closed AND {}").format(owned, move["rose"]),
        Part.HELD: SQL("closing_owner_id IS NOT NULL AND {}").format(enters),
        Part.NEW: SQL("arrival_owner_id IS NOT NULL AND {} AND NOT {}").format(enters, entered),
        Part.LEFT: SQL("{} AND NOT {}").format(owned, enters),
        Part.CLOSED: SQL("is_closed"),
        Part.WEALTHY_OPENING: wealthy(policy, "opening_aum"),
        Part.WEALTHY_CLOSING: wealthy(policy, "closing_aum"),
    }


def parts_sql(policy: Policy) -> Composable:
    """The bits of all that holds."""
    bits = (
        SQL("CASE WHEN {} THEN {} ELSE 0 END").format(holds, Literal(int(part)))
        for part, holds in conditions(policy).items()
    )
    return SQL("({})::smallint").format(SQL(" + ").join(bits))


def products_sql(listed: int, held: str) -> Composable:
    return SQL(PRODUCTS).format(listed=Literal(listed), held=SQL(held))


def _band(policy: Policy, aum: str) -> Composable:
    return SQL("({})").format(SQL(" + ").join(SQL("{}::int").format(reached(band, aum)) for band in policy.bands))
