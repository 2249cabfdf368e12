"""A later file of a day: lines of its own customers, written only where they say something else than what is there."""

from psycopg2.sql import SQL, Composable, Identifier

COLUMNS = (
    "customer_id",
    "legal_entity_id",
    "branch_id",
    "aum",
    "card_spend_year",
    "personal_loan_balance",
    "custody_margin",
    "as_of",
    "birth_date",
    "categories",
    "card_level",
    "admission",
    "tier",
    "reasons",
)
MERGE = """
INSERT INTO {day} ({columns})
SELECT {new} FROM {more} new LEFT JOIN {day} old ON old.customer_id = new.customer_id
WHERE old.customer_id IS NULL OR ({old}) IS DISTINCT FROM ({new})
ON CONFLICT (customer_id) DO UPDATE SET ({columns}) = ROW ({excluded})
"""


def merge(cursor, *, day: str, more: str) -> int:
    """`more` is made like a day and has each customer once. How many lines of the day are new or say another thing."""
    lists = {name: _list(name) for name in ("new", "old", "excluded")}
    cursor.execute(
        SQL(MERGE).format(
            day=Identifier(day), more=Identifier(more), columns=SQL(", ").join(map(Identifier, COLUMNS)), **lists
        )
    )
    return cursor.rowcount


def _list(table: str) -> Composable:
    return SQL(", ").join(Identifier(table, name) for name in COLUMNS)
