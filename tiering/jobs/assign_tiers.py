"""The day's lines become the standing tiers: of whom the load listed, write what is new, keep every step as history.

The twin is rules.moves. Unchanged rows are not touched; a changed one is rewritten inside its page, for no index holds
what changes.
"""

from dataclasses import dataclass

from psycopg2.sql import SQL, Identifier

from tiering.enums import NightStep
from tiering.jobs.differences import COLUMNS, COPIED
from tiering.jobs.night import Night
from tiering.jobs.taken_back import is_correction
from tiering.jobs.temporary import joined_by, keep

# Falls that have not lasted as long as the policy asks.
HOLD = """
UPDATE night_delta d
SET tier = s.tier, reasons = s.reasons, falling_since = coalesce(s.falling_since, %(as_of)s)
FROM tiering_tierassignment s
WHERE d.tier < d.from_tier AND s.legal_entity_id = %(entity)s AND s.customer_id = d.customer_id
  AND %(as_of)s::date - coalesce(s.falling_since, %(as_of)s) < %(grace_days)s
  AND NOT EXISTS (SELECT FROM night_begun b WHERE b.customer_id = d.customer_id)
"""
# Of those whom an earlier file of the day moved, as they stood before it; whoever has been merged since is left alone.
BEGUN = """
WITH moved AS (
  SELECT DISTINCT ON (customer_id) customer_id, from_tier AS tier, from_reasons AS reasons, from_since AS since,
    from_falling_since AS falling_since, last_value(to_tier) OVER each AS now
  FROM tiering_tiermove WHERE legal_entity_id = %(entity)s AND as_of = %(as_of)s
  WINDOW each AS (PARTITION BY customer_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
  ORDER BY customer_id, id
)
SELECT moved.* FROM moved JOIN night_delta d USING (customer_id) WHERE d.from_tier = moved.now
"""
HOLD_AS_BEGUN = """
UPDATE night_delta d
SET tier = b.tier, reasons = coalesce(b.reasons, d.from_reasons), falling_since = coalesce(b.falling_since, %(as_of)s)
FROM night_begun b
WHERE d.tier < b.tier AND b.customer_id = d.customer_id
  AND %(as_of)s::date - coalesce(b.falling_since, %(as_of)s) < %(grace_days)s
"""
# A fall that waits on, of a customer of whom nothing else is new: the row says all of it already.
WAIT_ON = f"""
DELETE FROM night_delta d USING tiering_tierassignment s
WHERE d.falling_since = s.falling_since AND s.legal_entity_id = %(entity)s AND s.customer_id = d.customer_id
  AND s.policy_version = %(version)s AND {" AND ".join(f"d.{name} = s.{name}" for name in COPIED)}
"""
# Whoever is no customer any more leaves at once and without a line: the day takes none of theirs.
CLOSE = """
UPDATE night_delta d SET branch_id = c.home_branch_id, aum = from_aum, card_spend_year = 0, custody_margin = 0,
  personal_loan_balance = 0, card_level = 0, tier = 0, reasons = 0
FROM customers_customer c
WHERE d.tier IS NULL AND c.legal_entity_id = %(entity)s AND c.id = d.customer_id AND c.status IN ('closed', 'merged')
"""
# Who was merged after an earlier file of the day still has a line there, and does not come back for it.
STAY_AWAY = """
DELETE FROM night_delta d USING customers_customer c
WHERE coalesce(d.from_tier, 0) = 0 AND c.legal_entity_id = %(entity)s AND c.id = d.customer_id
  AND c.merged_into_id IS NOT NULL AND c.status = 'merged'
"""
FALL_OUT = """
UPDATE night_delta d SET branch_id = line.branch_id, aum = line.aum,
  card_spend_year = coalesce(line.card_spend_year, 0), custody_margin = coalesce(line.custody_margin, 0),
  personal_loan_balance = coalesce(line.personal_loan_balance, 0), card_level = line.card_level, tier = 0, reasons = 0
FROM {table} line WHERE d.tier IS NULL AND line.customer_id = d.customer_id
"""
COUNT = """
SELECT count(*) FILTER (WHERE tier > coalesce(from_tier, 0)), count(*) FILTER (WHERE tier < from_tier),
  count(*) FILTER (WHERE tier > 0 AND coalesce(from_tier, 0) = 0), count(*) FILTER (WHERE tier = 0),
  count(*) FILTER (WHERE tier IS NULL), count(*) FILTER (WHERE tier = from_tier), count(*) FILTER (WHERE place IS NULL)
FROM night_delta
"""
CHANGE = f"""
UPDATE tiering_tierassignment s SET {", ".join(f"{name} = d.{name}" for name in COPIED)},
  policy_version = %(version)s, falling_since = d.falling_since,
  since = CASE WHEN d.tier <> s.tier THEN %(as_of)s ELSE s.since END
FROM night_delta d WHERE s.legal_entity_id = %(entity)s AND {{same}} AND {{which}}
"""
STAND_AS_BEGUN = """
UPDATE tiering_tierassignment s SET since = b.since
FROM night_delta d JOIN night_begun b USING (customer_id)
WHERE s.legal_entity_id = %(entity)s AND s.customer_id = d.customer_id AND d.tier <> d.from_tier AND d.tier = b.tier
  AND b.since IS NOT NULL
"""
MOVED, REFRESHED = "d.tier <> d.from_tier", "d.tier = d.from_tier"
ENTER = f"""
INSERT INTO tiering_tierassignment (customer_id, legal_entity_id, since, policy_version, {COLUMNS})
SELECT customer_id, %(entity)s, %(as_of)s, %(version)s, {COLUMNS} FROM night_delta WHERE from_tier IS NULL
"""
KEEP_HISTORY = """
INSERT INTO tiering_tiermove (legal_entity_id, customer_id, branch_id, run_id, as_of, policy_version, from_tier,
  from_aum, from_since, from_falling_since, from_reasons, to_tier, to_aum, card_spend_year, personal_loan_balance,
  custody_margin, card_level, reasons)
SELECT %(entity)s, customer_id, branch_id, %(run)s, %(as_of)s, %(version)s, coalesce(from_tier, 0),
  coalesce(from_aum, 0), from_since, from_falling_since, from_reasons, tier, aum, card_spend_year,
  personal_loan_balance, custody_margin, card_level, reasons
FROM night_delta WHERE tier <> coalesce(from_tier, 0)
"""


@dataclass(frozen=True)
class TierReport:
    """Customers. Who entered also moved up, who left moved down; `missing` are in scope without a line on the day;
    `refreshed` kept the tier and changed in something else; `new` of those who entered were never in scope before.
    """

    moved_up: int = 0
    moved_down: int = 0
    entered: int = 0
    left: int = 0
    missing: int = 0
    refreshed: int = 0
    new: int = 0


def assign_tiers(cursor, night: Night) -> TierReport:
    """Wants night_delta (jobs.differences). Nothing where the standing tiers are those of a newer day."""
    if not night.moves_standing:
        return TierReport()
    report = settle(cursor, night)
    night.progress(NightStep.TIERS, 50)
    move(cursor, night, report)
    refresh(cursor, night, report)
    night.progress(NightStep.TIERS, 100)
    return report


def settle(cursor, night: Night) -> TierReport:
    """What becomes of each in night_delta. Without a tier there afterwards: missing on the day. Leaves night_begun."""
    cursor.execute(STAY_AWAY, _values(night))
    cursor.execute(SQL(FALL_OUT).format(table=Identifier(night.table)))
    keep(cursor, "night_begun", BEGUN, _values(night), analyse=True)
    if night.policy.grace_days:
        cursor.execute(HOLD, _values(night))
        cursor.execute(HOLD_AS_BEGUN, _values(night))
        cursor.execute(WAIT_ON, _values(night))
    cursor.execute(CLOSE, _values(night))
    cursor.execute(COUNT)
    return TierReport(*cursor.fetchone())


def move(cursor, night: Night, report: TierReport) -> None:
    """Steps from one tier to another, and their history."""
    _rewrite(cursor, night, MOVED, report.moved_up + report.moved_down - report.new)
    if is_correction(cursor):
        cursor.execute(STAND_AS_BEGUN, _values(night))
    cursor.execute(ENTER, _values(night))
    cursor.execute(KEEP_HISTORY, _values(night))


def refresh(cursor, night: Night, report: TierReport) -> None:
    """Money, reasons, branch of customers who keep the tier."""
    _rewrite(cursor, night, REFRESHED, report.refreshed)


def _rewrite(cursor, night: Night, which: str, due: int) -> None:
    """By the place where each row lay; by its key where one has been moved since (a manager set an owner)."""
    if not due:
        return
    with joined_by(cursor, "nestloop"):
        same = SQL("s.ctid = d.place AND s.customer_id = d.customer_id")
        cursor.execute(SQL(CHANGE).format(same=same, which=SQL(which)), _values(night))
        written = cursor.rowcount
    if written < due:
        cursor.execute(SQL(CHANGE).format(same=SQL("s.customer_id = d.customer_id"), which=SQL(which)), _values(night))


def _values(night: Night) -> dict:
    return {
        "entity": night.legal_entity_id,
        "as_of": night.as_of,
        "version": night.policy.version,
        "grace_days": night.policy.grace_days,
        "run": night.run_id,
    }
