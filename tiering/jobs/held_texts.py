"""The texts of the column product_categories: few in millions of lines, each read once by the rule."""

from io import StringIO

from psycopg2.sql import SQL

from tiering.jobs.staging import Staging
from tiering.jobs.temporary import keep
from tiering.rules.snapshot_line import parse_categories

READ_AT_ONCE = 10_000
# Empty is a text like any other: nothing held.
TEXTS = """
SELECT DISTINCT coalesce(product_categories, '') AS text FROM ({rows}) staged
EXCEPT SELECT text FROM {held}
"""


def learn_texts(cursor, staging: Staging, lanes: tuple[int, ...], categories: dict[str, int]) -> None:
    """Those that stand in the lanes and can be read, into `held` with their bits."""
    query = SQL(TEXTS).format(rows=staging.rows(lanes), held=staging.table("held"))
    keep(cursor, "night_texts", query)
    with cursor.connection.cursor("night_texts") as texts:
        texts.itersize = READ_AT_ONCE
        texts.execute("SELECT text FROM night_texts")
        while found := texts.fetchmany(READ_AT_ONCE):
            _learn(cursor, staging, [text for (text,) in found], categories)


def _learn(cursor, staging: Staging, texts: list[str], categories: dict[str, int]) -> None:
    readable = StringIO()
    for text in texts:
        bits = parse_categories(text, categories)
        if not isinstance(bits, str):
            readable.write(f"{bits}\t{_escaped(text)}\n")
    readable.seek(0)
    statement = SQL("COPY {} (bits, text) FROM STDIN").format(staging.table("held"))
    cursor.copy_expert(statement.as_string(cursor.connection), readable)


def _escaped(text: str) -> str:
    """As COPY wants its separators."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
