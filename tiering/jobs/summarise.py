"""The day added up by branch and tier, with movement and the customers near a limit: what the dashboard reads.

A day that came in late is only its own lines. One that was once the newest and has been corrected since is added up
anew, and keeps its movement and what was owed.
"""

from dataclasses import dataclass, field

from psycopg2.sql import SQL, Composable, Identifier

from tiering.enums import IN_SCOPE, NightStep, Tier
from tiering.jobs.absent import REACHED, find_absent
from tiering.jobs.movement import moved_since_month, moved_since_quarter
from tiering.jobs.near_limits import find_near, replace_near
from tiering.jobs.night import COUNTS, Night
from tiering.jobs.owed_owners import find_owed
from tiering.jobs.temporary import keep

MEET = "SELECT pg_advisory_xact_lock(%s, %s)"
HAD_MOVED = """
SELECT EXISTS (SELECT FROM tiering_snapshotday WHERE legal_entity_id = %(entity)s AND as_of = %(as_of)s
               AND moved_standing)
"""
# Whoever is no customer any more is in no tier, and not out of scope either; the few have an index of their own. Who
# left after the day's first file stands in his tier until the next day.
EVERYBODY = """
SELECT count(*) - (
  SELECT count(*) FROM customers_customer gone
  WHERE legal_entity_id = %(entity)s AND status IN ('closed', 'merged') AND NOT EXISTS (
    SELECT FROM tiering_tierassignment t
    WHERE t.legal_entity_id = %(entity)s AND t.customer_id = gone.id AND t.tier > 0))
FROM customers_customer WHERE legal_entity_id = %(entity)s
"""
TALLY = "SELECT count(*) FILTER (WHERE tier = 0), count(*) FILTER (WHERE tier > 0) FROM {table}"
STANDING = """
SELECT branch_id, tier, count(*) AS customers, sum(aum) AS aum, count(*) FILTER (WHERE owner_id IS NULL) AS unowned
FROM tiering_tierassignment WHERE legal_entity_id = %(entity)s AND tier > 0 GROUP BY branch_id, tier
"""
LINES = """
SELECT branch_id, tier, count(*) AS customers, sum(aum) AS aum, NULL::bigint AS unowned
FROM {rows} WHERE tier > 0 GROUP BY branch_id, tier
"""
WITH_ABSENT = "(SELECT branch_id, tier, aum FROM {table} UNION ALL SELECT branch_id, tier, aum FROM night_absent) rows"
# A fall that had waited then goes on waiting: who fell has a step to say so.
WITH_WAITING = f"""
(SELECT branch_id, greatest(line.tier, reached.tier) AS tier, aum
FROM {{table}} line LEFT JOIN ({REACHED}) reached USING (customer_id)
UNION ALL SELECT branch_id, tier, aum FROM night_absent) rows
"""
FORMER = "SELECT * FROM tiering_tiersummary WHERE legal_entity_id = %(entity)s AND as_of = %(as_of)s"
# Parts of a row: customers, aum, unowned, overdue, warned, incomplete, near up and down, month up and down, quarter up
# and down.
STOOD = "SELECT branch_id, tier, customers, aum, unowned, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM night_stood"
OVERDUE = "SELECT branch_id, tier, 0, 0, NULL, customers, 0, 0, 0, 0, 0, 0, 0, 0 FROM night_overdue"
HELD = "SELECT branch_id, tier, 0, 0, NULL, 0, warned, incomplete, 0, 0, 0, 0, 0, 0 FROM night_held"
NEAR = """
SELECT branch_id, tier, 0, 0, NULL, 0, 0, 0, count(*) FILTER (WHERE rises), count(*) FILTER (WHERE NOT rises), 0, 0, 0,
  0
FROM night_limits GROUP BY branch_id, tier
"""
MONTH = "SELECT branch_id, tier, 0, 0, NULL, 0, 0, 0, 0, 0, up, down, 0, 0 FROM ({moved}) month"
QUARTER = "SELECT branch_id, tier, 0, 0, NULL, 0, 0, 0, 0, 0, 0, 0, up, down FROM ({moved}) quarter"
KEPT = """
SELECT branch_id, tier, 0, 0, unowned, overdue, warned, incomplete, 0, 0, month_up, month_down, quarter_up, quarter_down
FROM night_former
"""
OWED = ("unowned", "overdue", "warned", "incomplete")
SUMMED = (
    "customers", "aum", "near_up", "near_down", "month_up", "month_down", "quarter_up", "quarter_down",
)  # fmt: skip
FIGURES = (*SUMMED, *OWED)
COUNTED = (
    "CASE WHEN %(counts_owners)s THEN least(coalesce(sum({name}), 0), sum(customers))::bigint END AS {name}"
)  # fmt: skip
ADDED_UP = f"""
SELECT branch_id, tier, {", ".join(f"sum({name})::bigint AS {name}" for name in SUMMED)},
  {", ".join(COUNTED.format(name=name) for name in OWED)}
FROM ({{parts}}) part (branch_id, tier, customers, aum, unowned, overdue, warned, incomplete, near_up, near_down,
  month_up, month_down, quarter_up, quarter_down)
GROUP BY branch_id, tier
"""
# A correction leaves the sums of the branches that it does not touch as they are.
FORGET = f"""
DELETE FROM tiering_tiersummary t
WHERE legal_entity_id = %(entity)s AND as_of = %(as_of)s AND NOT EXISTS (
  SELECT FROM night_sums n WHERE n.branch_id = t.branch_id AND n.tier = t.tier
  AND ({", ".join(f"n.{name}" for name in FIGURES)})
    IS NOT DISTINCT FROM ({", ".join(f"t.{name}" for name in FIGURES)}))
"""
WRITE = f"""
INSERT INTO tiering_tiersummary (legal_entity_id, as_of, branch_id, tier, {", ".join(FIGURES)})
SELECT %(entity)s, %(as_of)s, branch_id, tier, {", ".join(FIGURES)} FROM night_sums n
WHERE NOT EXISTS (
  SELECT FROM tiering_tiersummary t
  WHERE t.legal_entity_id = %(entity)s AND t.as_of = %(as_of)s AND t.branch_id = n.branch_id AND t.tier = n.tier)
"""


@dataclass(frozen=True)
class Summary:
    """Customers by tier code as they stand, out of scope every other who is still a customer; of a day that came late,
    its lines.
    """

    tiers: dict[str, int] = field(default_factory=dict)


def summarise(cursor, night: Night) -> Summary:
    values = {"entity": night.legal_entity_id, "as_of": night.as_of}
    out_of_scope, in_scope = _one(cursor, SQL(TALLY).format(table=Identifier(night.table)))
    had_moved = night.moves_standing or _one(cursor, HAD_MOVED, values)[0]
    if night.moves_standing:
        further = _newest(cursor, night, values, in_scope)
    else:
        further = _corrected(cursor, night, values) if had_moved else _late(cursor, night)
    night.progress(NightStep.SUMMARY, 70)
    parts = SQL(" UNION ALL ").join([SQL(STOOD), SQL(NEAR), *further])
    keep(cursor, "night_sums", SQL(ADDED_UP).format(parts=parts), {"counts_owners": had_moved})
    cursor.execute(FORGET, values)
    cursor.execute(WRITE, values)
    night.progress(NightStep.SUMMARY, 100)
    tiers = _by_tier(cursor)
    if night.moves_standing:
        out_of_scope = max(_one(cursor, EVERYBODY, values)[0] - sum(tiers.values()), 0)
    return Summary(tiers | {Tier.OUT_OF_SCOPE.code: out_of_scope})


def _newest(cursor, night: Night, values: dict, in_scope: int) -> list[Composable]:
    """Whoever stands and has no line is looked for only where the counts differ. Until the day is there nobody changes
    an owner: he would count it himself on the day before, and it would be counted nowhere on this one.
    """
    cursor.execute(MEET, [COUNTS, night.legal_entity_id])
    keep(cursor, "night_stood", STANDING, values)
    absent = sum(_by_tier(cursor).values()) != in_scope
    if absent:
        find_absent(cursor, night)
    find_near(cursor, night, with_absent=absent)
    replace_near(cursor, night)
    find_owed(cursor, night)
    moved = ((MONTH, moved_since_month(cursor, night)), (QUARTER, moved_since_quarter(cursor, night)))
    return [SQL(OVERDUE), SQL(HELD), *(SQL(text).format(moved=rows) for text, rows in moved if rows is not None)]


def _corrected(cursor, night: Night, values: dict) -> list[Composable]:
    keep(cursor, "night_former", FORMER, values)
    find_absent(cursor, night)
    rows = SQL(WITH_WAITING if night.policy.grace_days else WITH_ABSENT)
    _add_up_lines(cursor, rows.format(table=Identifier(night.table)), values)
    find_near(cursor, night, with_absent=True)
    return [SQL(KEPT)]


def _late(cursor, night: Night) -> list[Composable]:
    _add_up_lines(cursor, Identifier(night.table))
    find_near(cursor, night)
    return []


def _add_up_lines(cursor, rows: Composable, values: dict | None = None) -> None:
    keep(cursor, "night_stood", SQL(LINES).format(rows=rows), values)


def _by_tier(cursor) -> dict[str, int]:
    cursor.execute("SELECT tier, sum(customers)::bigint FROM night_stood GROUP BY tier")
    return {tier.code: 0 for tier in IN_SCOPE} | {Tier(tier).code: number for tier, number in cursor.fetchall()}


def _one(cursor, query, values: dict | None = None) -> tuple:
    cursor.execute(query, values)
    return cursor.fetchone()
