"""The test database: made by the owner, used as the application's role, emptied in spite of its guards."""

from contextlib import contextmanager

from django.db import connections
from psycopg2 import sql

from tellerdesk import reference
from tellerdesk.core.database_roles import OWNER, grant, make_application_role

# Rows of migrations, and the keys that this process already knows.
KEPT = {"django_migrations", "django_content_type", "vault_datakey", "audit_sealedtable"}


def finish() -> None:
    """After the migrations: what `prepare_database` and `serve` do."""
    make_application_role(connections[OWNER])
    grant(connections[OWNER])
    reference.load()


def empty(test_case) -> None:
    """Stands in for TransactionTestCase's flush, which mirrors are left out of and append-only tables refuse."""
    with as_owner() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        drop_days(cursor)
        tables = filled(cursor)
        guarded = tables | pointing_at(cursor, tables)
        run(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
        if tables:
            cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names(tables)))
        run(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)
    reference.load()


def end_sessions() -> None:
    """Threads of a live server keep connections, and a database in use cannot be dropped."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    with as_owner() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND usename = current_user"
        )


@contextmanager
def as_owner():
    """One transaction on a connection of its own: a test's may be closed to this alias, or broken."""
    connection = connections[OWNER].copy()
    connection.connect()
    try:
        with connection.connection as raw, raw.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def drop_days(cursor) -> None:
    """Partitions go with what is in them, so that the next test's first file of a day is one."""
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent IN ('tiering_snapshotline'::regclass, 'tiering_assessmentcustomer'::regclass,"
        " 'tiering_whatifline'::regclass, 'tiering_whatifsum'::regclass)"
    )
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))


def filled(cursor) -> set[str]:
    every = table_names(cursor) - KEPT
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(sql.Literal(table), sql.Identifier(table)) for table in every
    )
    cursor.execute(query)
    return {name for (name,) in cursor.fetchall()}


def table_names(cursor) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition"
    )
    return {name for (name,) in cursor.fetchall()}


def pointing_at(cursor, tables: set[str]) -> set[str]:
    """Everything that TRUNCATE … CASCADE would take along."""
    cursor.execute("SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'")
    keys = cursor.fetchall()
    found = set(tables)
    while more := {source for source, target in keys if target in found} - found:
        found |= more
    return found


def run(cursor, text: str, tables: set[str]) -> None:
    for table in sorted(tables):
        cursor.execute(sql.SQL(text).format(sql.Identifier(table)))


def names(tables: set[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(table) for table in sorted(tables))
