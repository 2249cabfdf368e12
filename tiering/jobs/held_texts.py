"""The texts of the column product_categories: few in millions of lines, each read once by the rule."""

from io import StringIO

from psycopg2.sql import SQL, Composable, Literal

from tiering.jobs.staging import EVERY, WHOLE, Staging
from tiering.jobs.temporary import keep
from tiering.rules.snapshot_line import parse_categories

READ_AT_ONCE = 10_000
# So many lines are looked at by one page in fifty: what that misses is learned from the lines it left over.
MANY = 100_000
SOME = SQL("TABLESAMPLE SYSTEM (2)")
# Empty is a text like any other: nothing held.
TEXTS = """
SELECT DISTINCT coalesce(product_categories, '') AS text FROM ({rows}) staged
EXCEPT SELECT text FROM {held}
"""


def learned(cursor, staging: Staging, *, most: int) -> dict[str, int] | None:
    """Bits by text; None where there are more than `most`."""
    text = SQL("SELECT text, bits FROM {} LIMIT {}")
    cursor.execute(text.format(staging.table("held"), Literal(most + 1)))
    found = cursor.fetchall()
    return dict(found) if len(found) <= most else None


def learn_most_texts(
    cursor, staging: Staging, lanes: tuple[int, ...], categories: dict[str, int], *, lines: int
) -> None:
    """Those of `lines` lines that can be read, into `held` with their bits; perhaps not all of very many. The empty
    text is always there.
    """
    _keep(cursor, staging, {"": 0})
    sample = SOME if lines > MANY else WHOLE
    _learn(cursor, staging, staging.rows(lanes, sample=sample), categories)


def learn_texts(
    cursor, staging: Staging, lanes: tuple[int, ...], categories: dict[str, int], only: Composable = EVERY
) -> int:
    """Every text that can be read of the lines that fulfil `only`. How many of them are new."""
    return _learn(cursor, staging, staging.rows(lanes, only), categories)


def _learn(cursor, staging: Staging, rows: Composable, categories: dict[str, int]) -> int:
    keep(cursor, "night_texts", SQL(TEXTS).format(rows=rows, held=staging.table("held")))
    learned = 0
    with cursor.connection.cursor("night_texts") as texts:
        texts.execute("SELECT text FROM night_texts")
        while found := texts.fetchmany(READ_AT_ONCE):
            readable = {text: parse_categories(text, categories) for (text,) in found}
            learned += _keep(cursor, staging, {text: bits for text, bits in readable.items() if isinstance(bits, int)})
    return learned


def _keep(cursor, staging: Staging, bits: dict[str, int]) -> int:
    lines = StringIO("".join(f"{number}\t{_escaped(text)}\n" for text, number in bits.items()))
    statement = SQL("COPY {} (bits, text) FROM STDIN").format(staging.table("held"))
    cursor.copy_expert(statement.as_string(cursor.connection), lines)
    return len(bits)


def _escaped(text: str) -> str:
    """As COPY wants its separators."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
