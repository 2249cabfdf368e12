"""The day of a trial as two tables: its customers in the order of their assets, and sums of everybody below some of
the amounts that occur. A limit anywhere is then a sum and the few lines between it and the amount below it.
"""

from itertools import pairwise

from django.conf import settings
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.enums import Reason
from tiering.jobs.temporary import keep
from tiering.jobs.tier_sql import FIGURES, other_criteria, tier_and_reasons
from tiering.jobs.what_if_base import Trial, everybody
from tiering.rules.birth_dates import first_birthdays
from tiering.rules.policy import Policy
from tiering.rules.what_if import OLDEST
from tiering.rules.what_if_edges import FAR

# Lines between two sums: a limit costs at most so many, unless they all have one amount.
BLOCK = 8192
LINES = """
CREATE TABLE {table} AS
SELECT customer_id, branch_id, aum, card_spend_year, personal_loan_balance, custody_margin, birth_date, card_level,
  admission, standing, standing <> {tier} AS held
FROM ({everybody}) person ORDER BY aum
"""
INDEXES = """
CREATE INDEX ON {table} (aum); CREATE INDEX ON {table} (aum) WHERE held; ANALYZE {table}
"""
BY_FIGURE = """
CREATE INDEX ON {table} ({figure}) INCLUDE (aum, standing, card_level, {others}) WHERE admission = 0
"""
# The table lies in the order of assets, so the first line of every so-many-th page will do.
SAMPLE = """
SELECT aum FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT format('(%s,1)', page)::tid
  FROM generate_series(0, pg_relation_size({name}) / current_setting('block_size')::int - 1, {step}) page))
"""
PAGES = "SELECT pg_relation_size({name}) / current_setting('block_size')::int"
# Who is as old in full years has one number of `years`: a draft asks for no finer age. Unknown is -1.
COUNTED = """
SELECT width_bucket(aum, {lows}) AS block, coalesce(width_bucket(birth_date, {birthdays}), -1) AS years,
  admission, standing, card_level, coalesce({met}, false) AS met, count(*) AS customers, sum(aum)::bigint AS aum
FROM {table} GROUP BY 1, 2, 3, 4, 5, 6
"""
SUMS = """
CREATE TABLE {table} AS
WITH part AS (
  SELECT block, true AS by_age, years, admission, (-1)::smallint AS card_level, false AS met, standing,
    sum(customers)::bigint AS customers, sum(aum)::bigint AS aum
  FROM what_if_new GROUP BY block, years, admission, standing
  UNION ALL
  SELECT block, false, -1, admission, card_level, met, standing, sum(customers)::bigint, sum(aum)::bigint
  FROM what_if_new WHERE admission = 0 GROUP BY block, admission, card_level, met, standing
), kind AS (
  SELECT DISTINCT by_age, years, admission, card_level, met, standing FROM part
)
SELECT low, by_age, CASE years WHEN -1 THEN NULL WHEN 0 THEN ({birthdays})[1] - 1 ELSE ({birthdays})[years] END
    AS birth_date, admission, card_level, met, standing, customers, aum
FROM (
  SELECT low, by_age, years, admission, card_level, met, standing,
    (sum(part.customers) OVER below)::bigint AS customers, (sum(part.aum) OVER below)::bigint AS aum
  FROM (SELECT low, (place - 1)::integer AS block FROM unnest({lows}) WITH ORDINALITY edge (low, place)) edge
  CROSS JOIN kind LEFT JOIN part USING (block, by_age, years, admission, card_level, met, standing)
  WINDOW below AS (PARTITION BY by_age, years, admission, card_level, met, standing ORDER BY low)
) below WHERE customers IS NOT NULL ORDER BY low
"""
ATTACH = """
REVOKE ALL ON {table} FROM {role};
ALTER TABLE {table} ADD basis_id bigint NOT NULL DEFAULT {basis}, ADD CHECK (basis_id = {basis});
ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES IN ({basis})
"""


def lines_table(basis: int) -> str:
    return f"tiering_whatifline_{basis}"


def sums_table(basis: int) -> str:
    return f"tiering_whatifsum_{basis}"


def make_lines(cursor, trial: Trial, basis: int, *, absent: bool) -> int:
    """How many there are."""
    table = Identifier(lines_table(basis))
    tier = tier_and_reasons(trial.present, trial.as_of).tier
    cursor.execute(SQL(LINES).format(table=table, tier=tier, everybody=everybody(trial, absent=absent)))
    lines = cursor.rowcount
    _attach(cursor, "tiering_whatifline", table, basis)
    for figure in FIGURES:
        others = SQL(", ").join(Identifier(other) for other in FIGURES if other != figure)
        cursor.execute(SQL(BY_FIGURE).format(table=table, figure=Identifier(figure), others=others))
    cursor.execute(SQL(INDEXES).format(table=table))
    return lines


def make_sums(cursor, trial: Trial, basis: int, lows: list[int]) -> int:
    """How many there are."""
    table, parts = Identifier(sums_table(basis)), _parts(trial, lows)
    counted = SQL(COUNTED).format(table=Identifier(lines_table(basis)), met=figures_met(trial.present), **parts)
    keep(cursor, "what_if_new", counted, analyse=True)
    cursor.execute(SQL(SUMS).format(table=table, **parts))
    sums = cursor.rowcount
    _attach(cursor, "tiering_whatifsum", table, basis)
    cursor.execute(SQL("CREATE INDEX ON {table} (low, by_age); ANALYZE {table}").format(table=table))
    return sums


def amounts_between_blocks(cursor, basis: int, lines: int) -> list[int]:
    """Ascending. An amount that more than a block of customers have is a block of its own. Last comes more than anybody
    has, so that everybody is added up.
    """
    name = lines_table(basis)
    cursor.execute(SQL(PAGES).format(name=Literal(name)))
    step = max(1, BLOCK * cursor.fetchone()[0] // max(1, lines))
    cursor.execute(SQL(SAMPLE).format(table=Identifier(name), name=Literal(name), step=Literal(step)))
    found = sorted(amount for (amount,) in cursor.fetchall())
    often = {amount + 1 for amount, next_one in pairwise(found) if amount == next_one}
    return sorted({*found, *often, FAR})


def figures_met(policy: Policy) -> Composable:
    """Whether a figure beside the assets puts somebody in scope, whatever his card."""
    criteria = other_criteria(policy)
    return SQL(" OR ").join(criteria[Reason.of_code(figure.upper())] for figure in FIGURES)


def _attach(cursor, parent: str, table: Identifier, basis: int) -> None:
    """Whole from the beginning, and read through its parent alone."""
    role = Identifier(settings.APPLICATION_ROLE)
    cursor.execute(SQL(ATTACH).format(table=table, parent=Identifier(parent), role=role, basis=Literal(basis)))


def _parts(trial: Trial, lows: list[int]) -> dict[str, Composable]:
    birthdays = [f"{day:%Y-%m-%d}" for day in first_birthdays(trial.as_of, OLDEST)]
    return {
        "lows": SQL("{}::bigint[]").format(Literal(lows)),
        "birthdays": SQL("{}::date[]").format(Literal(birthdays)),
    }
