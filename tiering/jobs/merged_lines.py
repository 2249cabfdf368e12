"""Lines of merged customers count for the survivor, added to the survivor's own; the twin is rules.merged_lines.

They have no customer of their own, so they are found among what the pass over the file left over: a file without them
never comes here.
"""

from psycopg2.sql import SQL, Identifier

from tiering.jobs.day_lines import SOUND_BY_TABLE, facts
from tiering.jobs.night import Night
from tiering.jobs.staging import EVERY_LANE, Staging
from tiering.jobs.temporary import keep
from tiering.jobs.tier_sql import tier_and_reasons

# By an index of merged_into: few, whatever the number of customers.
MERGED = """
SELECT merged.id AS merged_id, merged.customer_number, survivor.id AS customer_id,
  survivor.home_branch_id AS branch_id, survivor.birth_date
FROM customers_customer merged JOIN customers_customer survivor
  ON survivor.id = merged.merged_into_id AND survivor.legal_entity_id = merged.legal_entity_id
WHERE merged.legal_entity_id = %(entity)s AND merged.merged_into_id IS NOT NULL AND merged.status = 'merged'
  AND survivor.status NOT IN ('closed', 'merged')
"""
OF_MERGED = SQL("customer_number IN (SELECT customer_number FROM night_merged)")
LINES = """
SELECT m.customer_id, m.branch_id, aum, card_spend_year, personal_loan_balance, custody_margin, m.birth_date,
  held.bits AS categories, card_level, admission, line,
  row_number() OVER (PARTITION BY customer_number ORDER BY line) AS place
FROM (SELECT * FROM ({facts}) s OFFSET 0) s JOIN {held} held ON held.text = s.product_categories
JOIN night_merged m USING (customer_number) WHERE {sound}
"""
# Of a day that was loaded before they were merged.
APART = """
SELECT m.customer_id, m.branch_id, l.aum, l.card_spend_year, l.personal_loan_balance, l.custody_margin, m.birth_date,
  l.categories, l.card_level, l.admission, m.merged_id, 1 AS place
FROM {target} l JOIN night_merged m ON m.merged_id = l.customer_id
"""
FORGET = "DELETE FROM {target} WHERE customer_id IN (SELECT merged_id FROM night_merged_lines)"
LATER = "INSERT INTO {rejects} SELECT line, 'duplicate_line' FROM night_merged_lines WHERE place > 1"
FACTS = """
customer_id, branch_id, aum, card_spend_year, personal_loan_balance, custody_margin, birth_date, categories, card_level,
  admission
"""
UNITED = f"""
SELECT customer_id, min(branch_id) AS branch_id, sum(aum)::bigint AS aum,
  sum(card_spend_year)::bigint AS card_spend_year, sum(personal_loan_balance)::bigint AS personal_loan_balance,
  sum(custody_margin)::bigint AS custody_margin, min(birth_date) AS birth_date, bit_or(categories) AS categories,
  max(card_level) AS card_level, bit_or(admission) AS admission, count(*) AS lines
FROM (
  SELECT {FACTS} FROM night_merged_lines WHERE place = 1
  UNION ALL
  SELECT {FACTS} FROM {{target}} WHERE customer_id IN (SELECT customer_id FROM night_merged_lines)
) line GROUP BY customer_id
"""
TAKE_OUT = "DELETE FROM {target} WHERE customer_id IN (SELECT customer_id FROM night_united)"
PUT_IN = f"INSERT INTO {{target}} ({FACTS}, tier, reasons) SELECT {FACTS}, {{tier}}, {{reasons}} FROM night_united"
JOINED = "SELECT coalesce(sum(lines - 1), 0)::bigint FROM night_united"


def find_merged(cursor, night: Night) -> int:
    """As night_merged, by number: whose lines count for whom."""
    return keep(cursor, "night_merged", MERGED, {"entity": night.legal_entity_id}, analyse=True)


def credit(cursor, night: Night, staging: Staging, target: str) -> int:
    """`target` has every other customer once. How many lines were added to one that is there or went in."""
    parts = {"held": staging.table("held"), "rejects": staging.table("rejects"), "target": Identifier(target)}
    lines = SQL(LINES).format(facts=facts(staging, EVERY_LANE, OF_MERGED), sound=SOUND_BY_TABLE, **parts)
    if not keep(cursor, "night_merged_lines", lines, analyse=True):
        return 0
    cursor.execute(SQL(LATER).format(**parts))
    _unite(cursor, night, target)
    cursor.execute(JOINED)
    return cursor.fetchone()[0]


def unite_day(cursor, night: Night) -> None:
    """Lines that the day has of customers who were merged since go to the survivors, before a later file replaces
    either: no line of theirs would ever come for them again.
    """
    find_merged(cursor, night)
    parts = {"target": Identifier(night.table)}
    if keep(cursor, "night_merged_lines", SQL(APART).format(**parts)):
        _unite(cursor, night, night.table)
        cursor.execute(SQL(FORGET).format(**parts))


def _unite(cursor, night: Night, target: str) -> None:
    parts = {"target": Identifier(target)}
    keep(cursor, "night_united", SQL(UNITED).format(**parts), analyse=True)
    cursor.execute(SQL(TAKE_OUT).format(**parts))
    tier, reasons = tier_and_reasons(night.policy, night.as_of)
    cursor.execute(SQL(PUT_IN).format(tier=tier, reasons=reasons, **parts))
