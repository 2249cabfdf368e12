"""Whose standing row a day's lines do not agree with: what the load hands on to the tiers.

Both tables are read once, in one parallel statement, as long as the day's lines are still at hand; whoever differs is
about one in fifty.
"""

from psycopg2.sql import SQL, Identifier

from tiering.jobs.night import Night
from tiering.jobs.temporary import keep

# What the standing row repeats of the line.
COPIED = (
    "branch_id",
    "aum",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "card_level",
    "tier",
    "reasons",
)
COLUMNS = ", ".join(COPIED)
DIFFERENT = " OR ".join(f"line.{name} <> standing.{name}" for name in COPIED)

# `place` is where the standing row lies. A standing row without a line in scope has no tier here: fallen out, missing.
DIFFERENCES = f"""
WITH line AS NOT MATERIALIZED (
  SELECT customer_id, branch_id, aum, coalesce(card_spend_year, 0) AS card_spend_year,
    coalesce(personal_loan_balance, 0) AS personal_loan_balance, coalesce(custody_margin, 0) AS custody_margin,
    card_level, tier, reasons
  FROM {{table}} WHERE tier > 0
), standing AS NOT MATERIALIZED (
  SELECT ctid AS place, * FROM tiering_tierassignment WHERE legal_entity_id = %(entity)s
)
SELECT coalesce(line.customer_id, standing.customer_id) AS customer_id, place, standing.tier AS from_tier,
  standing.aum AS from_aum, standing.since AS from_since, standing.falling_since AS from_falling_since,
  standing.reasons AS from_reasons, NULL::date AS falling_since, {", ".join(f"line.{name}" for name in COPIED)}
FROM line FULL JOIN standing ON standing.customer_id = line.customer_id
WHERE standing.customer_id IS NULL OR line.customer_id IS NULL AND standing.tier > 0
  OR {DIFFERENT} OR line.customer_id IS NOT NULL AND standing.policy_version <> %(version)s
  OR line.customer_id IS NOT NULL AND standing.falling_since IS NOT NULL
"""


def list_differences(cursor, night: Night) -> int:
    """As night_delta; how many."""
    values = {"entity": night.legal_entity_id, "version": night.policy.version}
    return keep(cursor, "night_delta", SQL(DIFFERENCES).format(table=Identifier(night.table)), values)
