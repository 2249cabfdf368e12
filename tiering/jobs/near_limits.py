"""Who is near a limit, found in one pass over the day's lines; the twins are rules.near.near_limits and without_line.

Every limit is two ranges of AUM, below it and above it; what the tier would be beyond it is the tier's own SQL.
"""

from typing import NamedTuple

from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.jobs.absent import REACHED
from tiering.jobs.night import Night
from tiering.jobs.temporary import joined_by, keep
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.rules.policy import Policy

FACTS = "customer_id, branch_id, aum, card_spend_year, personal_loan_balance, custody_margin, birth_date, card_level"
LINES = f"SELECT {FACTS}, admission, tier FROM {{table}} WHERE {{near}}"
# Where a fall waits, the customer stands in another tier than the line says.
WAITING = """
UPDATE night_near n SET tier = s.tier
FROM tiering_tierassignment s
WHERE s.legal_entity_id = %(entity)s AND s.customer_id = n.customer_id AND s.falling_since IS NOT NULL
"""
WAITED = f"""
UPDATE night_near n SET tier = reached.tier FROM ({REACHED}) reached
WHERE reached.customer_id = n.customer_id AND reached.tier > n.tier
"""
LIMITS = """
SELECT customer_id, branch_id, tier, aum, {rises} AS rises, {limit} AS "limit", to_tier,
  (20000 * abs(aum - {limit}) + {limit}) / (2 * {limit}) AS distance
FROM (SELECT *, {there} AS to_tier FROM night_near WHERE aum BETWEEN {low} AND {high}) each WHERE to_tier {beyond} tier
"""
# A short file does not say that those who have no line, and no standing tier either, are no longer near a limit.
WITHOUT_LINE = """
INSERT INTO night_limits (customer_id, branch_id, tier, aum, rises, "limit", to_tier, distance)
SELECT n.customer_id, n.branch_id, n.tier, n.aum, n.rises, n."limit", n.to_tier, n.distance
FROM tiering_nearlimit n JOIN customers_customer c ON c.legal_entity_id = n.legal_entity_id AND c.id = n.customer_id
WHERE n.legal_entity_id = {entity} AND n.tier = 0 AND n."limit" = ANY({limits})
  AND c.status NOT IN ('closed', 'merged')
  AND NOT EXISTS (SELECT FROM {table} line WHERE line.customer_id = n.customer_id)
  AND NOT EXISTS (SELECT FROM tiering_tierassignment s
    WHERE s.legal_entity_id = n.legal_entity_id AND s.customer_id = n.customer_id AND s.tier > 0)
"""
# Nine of ten are the same as the day before, and stay as they are.
SAME = """
(l.customer_id, l.rises, l.branch_id, l.tier, l.to_tier, l."limit", l.aum)
  = (n.customer_id, n.rises, n.branch_id, n.tier, n.to_tier, n."limit", n.aum)
"""
NEW = f"""
SELECT l.* FROM night_limits l
WHERE NOT EXISTS (SELECT FROM tiering_nearlimit n WHERE n.legal_entity_id = %(entity)s AND {SAME})
"""
FORGET = f"""
DELETE FROM tiering_nearlimit n
WHERE legal_entity_id = %(entity)s AND NOT EXISTS (SELECT FROM night_limits l WHERE {SAME})
"""
KEEP = """
INSERT INTO tiering_nearlimit (legal_entity_id, branch_id, customer_id, rises, tier, to_tier, "limit", aum, distance)
SELECT %(entity)s, branch_id, customer_id, rises, tier, to_tier, "limit", aum, distance FROM night_new
"""


class Range(NamedTuple):
    """AUM from `low` to `high`, both included, is near `limit`; `there` is the first amount beyond it."""

    rises: bool
    limit: int
    low: int
    high: int
    there: int


NOWHERE = Range(True, limit=1, low=1, high=0, there=1)


def ranges(policy: Policy) -> list[Range]:
    found = []
    for place, band in enumerate(policy.bands):
        if band.floor <= 0:
            continue
        floor, lower = band.lowest, policy.bands[place + 1 : place + 2]
        least = max([-(-9 * band.floor // 10), *(each.lowest for each in lower)])
        most = min([11 * band.floor // 10, *(each.lowest - 1 for each in policy.bands[:place][-1:])])
        found += [Range(True, band.floor, least, floor - 1, floor), Range(False, band.floor, floor, most, floor - 1)]
    return [each for each in found if each.low <= each.high] or [NOWHERE]


def find_near(cursor, night: Night, *, with_absent: bool = False) -> None:
    """As night_limits: one row for each limit somebody is near. `with_absent`: night_absent too."""
    spans = ranges(night.policy)
    near = _within(spans)
    keep(cursor, "night_near", SQL(LINES).format(table=Identifier(night.table), near=near))
    if with_absent:
        cursor.execute(SQL("INSERT INTO night_near " + LINES).format(table=Identifier("night_absent"), near=near))
    if night.policy.grace_days and (night.moves_standing or with_absent):
        values = {"entity": night.legal_entity_id, "as_of": night.as_of}
        cursor.execute(WAITING if night.moves_standing else WAITED, values)
    keep(cursor, "night_limits", SQL(" UNION ALL ").join(_limit(night, each) for each in spans))
    if night.moves_standing:
        cursor.execute(_without_line(night, spans))


def replace_near(cursor, night: Night) -> None:
    """All of the legal entity's by those of the newest day."""
    values = {"entity": night.legal_entity_id}
    with joined_by(cursor, "hashjoin"):
        keep(cursor, "night_new", NEW, values)
        cursor.execute(FORGET, values)
    cursor.execute(KEEP, values)


def _without_line(night: Night, spans: list[Range]) -> Composable:
    return SQL(WITHOUT_LINE).format(
        entity=Literal(night.legal_entity_id),
        limits=Literal(sorted({span.limit for span in spans})),
        table=Identifier(night.table),
    )


def _within(spans: list[Range]) -> Composable:
    """Most lie below everything."""
    each = [SQL("aum BETWEEN {} AND {}").format(Literal(span.low), Literal(span.high)) for span in spans]
    return SQL("aum >= {} AND ({})").format(Literal(min(span.low for span in spans)), SQL(" OR ").join(each))


def _limit(night: Night, span: Range) -> Composable:
    return SQL(LIMITS).format(
        rises=Literal(span.rises),
        limit=SQL("{}::bigint").format(Literal(span.limit)),
        low=Literal(span.low),
        high=Literal(span.high),
        there=tier_and_reasons(night.policy, night.as_of, aum=Literal(span.there)).tier,
        beyond=SQL(">" if span.rises else "<"),
    )
