"""The test database: made by the owner, used as the application's role, brought back in spite of its guards."""

from contextlib import contextmanager

from django.db import connections, transaction
from psycopg2 import sql

from tellerdesk import reference
from tellerdesk.core.database_roles import OWNER, grant, make_application_role
from tellerdesk.vault import services as vault

# Rows of migrations.
KEPT = {"django_migrations", "django_content_type", "audit_sealedtable"}
# The schema with a copy of every table that is filled before the first test.
COPIES = "before_the_tests"
# Bytes. Deleting is much cheaper than truncating while a table and what it has deleted before are small.
LARGE = 2_000_000

# What the vault remembers before the first test; those keys come back with their rows.
first_keys: dict[str, vault.Current] = {}

FILLED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relispartition AND pg_relation_size(oid) > 0
"""
ANY_LARGE = "SELECT max(pg_relation_size(oid)) > %s FROM pg_class WHERE relnamespace = 'public'::regnamespace"
DAYS = """
SELECT inhrelid::regclass::text FROM pg_inherits
WHERE inhparent IN ('tiering_snapshotline'::regclass, 'tiering_assessmentcustomer'::regclass,
  'tiering_assesseddayline'::regclass, 'tiering_whatifline'::regclass, 'tiering_whatifsum'::regclass)
"""
GUARDED = """
SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal AND tgparentid = 0
"""


def finish() -> None:
    """After the migrations: what `prepare_database` and `serve` do, and copies of it for the tests to come."""
    make_application_role(connections[OWNER])
    grant(connections[OWNER])
    with as_owner() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(sql.Identifier(COPIES)))
    empty()
    reference.load()
    vault.refresh()
    first_keys.update(vault._CURRENT)
    with as_owner() as cursor:
        run(cursor, f"CREATE TABLE {COPIES}.{{0}} AS TABLE {{0}}", filled(cursor))


def empty(test_case=None) -> None:
    """Stands in for TransactionTestCase's flush, which mirrors are left out of and append-only tables refuse.

    Afterwards all is as it was before the first test, the keys too, whatever this process remembers of others.
    """
    with as_owner() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        drop_days(cursor)
        with guards_off(cursor):
            clear(cursor, filled(cursor))
            run(cursor, f"INSERT INTO {{0}} TABLE {COPIES}.{{0}}", copied(cursor))
    vault._CURRENT.clear()
    vault._CURRENT.update(first_keys)


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


@contextmanager
def shared_rows(blocker):
    """Rows for several tests: in a transaction around theirs, undone after the last. None of them is transactional."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def drop_days(cursor) -> None:
    """Partitions go with what is in them, so that the next test's first file of a day is one."""
    cursor.execute(DAYS)
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name)))


@contextmanager
def guards_off(cursor):
    """No trigger and no foreign key; an owner who is no superuser turns off the triggers of each table."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        return
    cursor.execute(GUARDED)
    guarded = {name for (name,) in cursor.fetchall()}
    run(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)


def filled(cursor) -> set[str]:
    """Or once were: what is deleted takes its place until it is swept up."""
    cursor.execute(FILLED)
    return {name for (name,) in cursor.fetchall()} - KEPT


def clear(cursor, tables: set[str]) -> None:
    """The lock waits for whoever still writes."""
    cursor.execute(ANY_LARGE, [LARGE])
    if not tables:
        return
    if cursor.fetchone()[0]:
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names(tables)))
    else:
        cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names(tables)))
        run(cursor, "DELETE FROM {}", tables)


def copied(cursor) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [COPIES])
    return {name for (name,) in cursor.fetchall()}


def run(cursor, text: str, tables: set[str]) -> None:
    if tables:
        each = (sql.SQL(text).format(sql.Identifier(table)) for table in sorted(tables))
        cursor.execute(sql.SQL("; ").join(each))


def names(tables: set[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(table) for table in sorted(tables))
