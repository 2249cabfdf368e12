"""Where a file stands before it is a day: unlogged tables, one for each connection that copies; gone with the run.

What a killed run left is dropped by the next one of the legal entity.
"""

from dataclasses import dataclass

from django.conf import settings
from psycopg2.sql import SQL, Composable, Identifier, Literal

# Columns that carry a line, as COPY reads them. Amounts stand here as doubles, a third faster to judge than numeric:
# day_lines gets every amount up to money.LARGEST back to the fen, and plain_blocks keeps out what a double would blur.
TYPES = {
    "customer_number": "text",
    "aum": "double precision",
    "card_spend_year": "double precision",
    "personal_loan_balance": "double precision",
    "custody_margin": "double precision",
    "card_level": "text",
    "admission_private_wealth": "text",
    "admission_wealth_management": "text",
    "product_categories": "text",
}
CARRIED = ("line", *TYPES)
# The lane of what is judged line by line after the file has been copied, and those that copy.
JUDGED, COPYING = 0, (1, 2, 3)
EVERY_LANE = (JUDGED, *COPYING)
# A line of its own for what may be listed by line; `held` has the bits of every readable text of product_categories.
FURTHER = {"rejects": "line bigint, code text", "held": "text text, bits integer"}
EVERY, WHOLE = SQL("true"), SQL("")


@dataclass(frozen=True)
class Staging:
    """`layout` is that of the file: a canonical name by position, None for a column that is ignored."""

    legal_entity_id: int
    layout: tuple[str | None, ...]

    def name(self, part: int | str) -> str:
        return f"tiering_staging_e{self.legal_entity_id}_{part}"

    def table(self, part: int | str) -> Composable:
        return Identifier(self.name(part))

    @property
    def columns(self) -> list[str]:
        """Of a lane, by position in the file."""
        return [name or f"ignored_{place}" for place, name in enumerate(self.layout)]

    def rows(self, lanes: tuple[int, ...], only: Composable = EVERY, *, sample: Composable = WHOLE) -> Composable:
        """What the lanes carry, as one parallel scan; `only` is a condition on a row, `sample` a TABLESAMPLE."""
        names = SQL(", ").join(map(Identifier, CARRIED))
        text = SQL("SELECT {} FROM {} {} WHERE {}")
        return SQL(" UNION ALL ").join(text.format(names, self.table(lane), sample, only) for lane in lanes)


def make(cursor, staging: Staging) -> None:
    """For the owner alone."""
    drop(cursor, staging.legal_entity_id)
    for lane in EVERY_LANE:
        _make_lane(cursor, staging, lane)
    for part, columns in FURTHER.items():
        cursor.execute(SQL("CREATE UNLOGGED TABLE {} ({})").format(staging.table(part), SQL(columns)))
    role = Identifier(settings.APPLICATION_ROLE)
    cursor.execute(SQL("REVOKE ALL ON {} FROM {}").format(_tables(staging), role))


def drop(cursor, legal_entity_id: int) -> None:
    """The same however often."""
    cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(_tables(Staging(legal_entity_id, ()))))


def _tables(staging: Staging) -> Composable:
    return SQL(", ").join(staging.table(part) for part in (*EVERY_LANE, *FURTHER))


def _make_lane(cursor, staging: Staging, lane: int) -> None:
    """Lines are numbered by a sequence of the lane, which is set before each block."""
    name, sequence = staging.table(lane), staging.name(f"{lane}_line")
    ignored = [column for column, known in zip(staging.columns, staging.layout, strict=True) if not known]
    columns = [*TYPES.items(), *((column, "text") for column in ignored)]
    text = SQL(
        "CREATE UNLOGGED SEQUENCE {sequence} CACHE 1000;"
        "CREATE UNLOGGED TABLE {name} (line bigint DEFAULT nextval({quoted}), {columns});"
        "ALTER SEQUENCE {sequence} OWNED BY {name}.line"
    )
    kinds = SQL(", ").join(SQL("{} {}").format(Identifier(column), SQL(kind)) for column, kind in columns)
    cursor.execute(text.format(sequence=Identifier(sequence), name=name, quoted=Literal(sequence), columns=kinds))
