"""A table for each legal entity and, below it, for each day: built beside the others and attached when it is whole."""

from datetime import date

from django.conf import settings
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tiering.jobs.night import Night

PARENT = Identifier("tiering_snapshotline")
# What the load's own statement never leaves out of a line that has a customer: kept for every line that comes later.
KNOWN = SQL("ADD CONSTRAINT snapshotline_known CHECK ({}) NOT VALID").format(
    SQL(" AND ").join(
        SQL("{} IS NOT NULL").format(Identifier(name))
        for name in ("branch_id", "aum", "categories", "card_level", "admission", "tier", "reasons")
    )
)


def entity_table(legal_entity_id: int) -> str:
    return f"tiering_snapshotline_e{legal_entity_id}"


def day_table(legal_entity_id: int, as_of: date) -> str:
    return f"{entity_table(legal_entity_id)}_{as_of:%Y%m%d}"


def is_there(cursor, table: str) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    return cursor.fetchone()[0]


def make_entity_table(cursor, legal_entity_id: int) -> None:
    """Where it is not there yet. Attached rather than made as a partition: readers of the parent go on reading."""
    name = entity_table(legal_entity_id)
    if not is_there(cursor, name):
        text = SQL(
            "CREATE TABLE {name} (LIKE {parent}) PARTITION BY LIST (as_of); ALTER TABLE {name} {known}; {revoke};"
            "ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES IN ({entity})"
        )
        parts = {"name": Identifier(name), "parent": PARENT, "entity": Literal(legal_entity_id)}
        cursor.execute(text.format(known=KNOWN, revoke=_revoke(name), **parts))


def constrain(cursor, night: Night, table: str) -> None:
    """What a partition of that day keeps, in one look at its lines. Legal entity and day are the same in all of them:
    as defaults of columns added here they take no room.

    Raises IntegrityError where a line has no customer.
    """
    text = SQL(
        "ALTER TABLE {table} ADD legal_entity_id bigint NOT NULL DEFAULT {entity},"
        " ADD as_of date NOT NULL DEFAULT {day}, ALTER customer_id SET NOT NULL,"
        " ADD CHECK (legal_entity_id = {entity} AND as_of = {day}), {known}"
    )
    entity, day = Literal(night.legal_entity_id), SQL("{}::date").format(Literal(night.as_of.isoformat()))
    cursor.execute(text.format(table=Identifier(table), known=KNOWN, entity=entity, day=day))


def key(cursor, table: str) -> None:
    """Raises IntegrityError where a customer stands there twice."""
    cursor.execute(SQL("ALTER TABLE {} ADD PRIMARY KEY (customer_id)").format(Identifier(table)))


def analyse(cursor, table: str) -> None:
    """What a plan over the lines of a day may ask for: coarsely, there are only a few ways through them."""
    cursor.execute("SET LOCAL default_statistics_target = 10")
    cursor.execute(SQL("ANALYZE {} (customer_id, branch_id, aum, tier)").format(Identifier(table)))
    cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")


def attach(cursor, night: Night) -> None:
    """The check that `constrain` made spares a second look at every line. Read through the parent, never itself."""
    cursor.execute(_revoke(night.table))
    text = SQL("ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES IN ({day})")
    parent = Identifier(entity_table(night.legal_entity_id))
    day = Literal(night.as_of.isoformat())
    cursor.execute(text.format(parent=parent, table=Identifier(night.table), day=day))


def _revoke(table: str) -> Composable:
    return SQL("REVOKE ALL ON {} FROM {}").format(Identifier(table), Identifier(settings.APPLICATION_ROLE))
