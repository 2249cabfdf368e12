"""Customers in scope without a line on the day, as night_absent with the columns of a line: they still count."""

from psycopg2.sql import SQL, Identifier

from tiering.enums import Reason
from tiering.jobs.night import Night
from tiering.jobs.temporary import keep

# Of the newest day: what stands.
STANDING = """
SELECT s.customer_id, s.branch_id, aum, card_spend_year, personal_loan_balance, custody_margin, birth_date, card_level,
  (reasons & %(admission)s)::smallint AS admission, tier
FROM tiering_tierassignment s JOIN customers_customer c
  ON c.legal_entity_id = s.legal_entity_id AND c.id = s.customer_id
WHERE s.legal_entity_id = %(entity)s AND tier > 0
  AND NOT EXISTS (SELECT FROM {table} line WHERE line.customer_id = s.customer_id)
"""
# In which tier each stood on a day that was once the newest.
REACHED = """
SELECT customer_id, (max(8 * id + to_tier) %% 8)::smallint AS tier FROM tiering_tiermove
WHERE legal_entity_id = %(entity)s AND as_of <= %(as_of)s GROUP BY customer_id
"""
# With the figures of the last line before.
STOOD = f"""
SELECT before.customer_id, before.branch_id, before.aum, before.card_spend_year, before.personal_loan_balance,
  before.custody_margin, before.birth_date, before.card_level, before.admission, reached.tier
FROM ({REACHED}) reached CROSS JOIN LATERAL (
  SELECT * FROM tiering_snapshotline l
  WHERE l.legal_entity_id = %(entity)s AND l.as_of < %(as_of)s AND l.customer_id = reached.customer_id
  ORDER BY l.as_of DESC LIMIT 1
) before
WHERE reached.tier > 0 AND NOT EXISTS (SELECT FROM {{table}} line WHERE line.customer_id = reached.customer_id)
"""


def find_absent(cursor, night: Night) -> None:
    values = {
        "entity": night.legal_entity_id,
        "as_of": night.as_of,
        "admission": int(Reason.ADMISSION_PRIVATE_WEALTH | Reason.ADMISSION_WEALTH_MANAGEMENT),
    }
    query = STANDING if night.moves_standing else STOOD
    keep(cursor, "night_absent", SQL(query).format(table=Identifier(night.table)), values)
