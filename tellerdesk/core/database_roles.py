"""Two roles: the owner, who migrates and runs jobs, and the application, whom triggers and grants bind.

The application's role cannot log in by itself; a connection takes it on (settings.database). What the login may not do
for itself is told as SQL for the administrator of the server. Runs on PostgreSQL 15 to 18.
"""

from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from tellerdesk.core.grants import MAY_DELETE, READ_IN_PARTS, READ_ONLY
from tellerdesk.core.migration_states import rendered_once

OWNER = "owner"
PREPARATION_LOCK = 0x7E11E4DE  # any number, the same in every process

# The SET option of a membership came with PostgreSQL 16; before it every membership could be taken on.
WITH_SET = 160000


class NeedsAdministrator(Exception):
    """`str()` is the message with the SQL."""


def prepare_database(*, verbosity: int = 1) -> None:
    """Roles, tables, grants; several processes at once wait for each other. Raises NeedsAdministrator."""
    connection = connections[OWNER]
    with alone(connection):
        make_application_role(connection)
        with rendered_once():
            call_command("migrate", database=OWNER, interactive=False, verbosity=verbosity)
        grant(connection)


@contextmanager
def alone(connection):
    """A lock of the session: migrations are many transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])


def make_application_role(connection) -> None:
    """The role, the right of our logins to take it on, and what tables made later will allow it."""
    role = settings.APPLICATION_ROLE
    with connection.cursor() as cursor:
        try:
            _create(cursor, role)
            _check_powers(cursor, role)
            for login in _logins(cursor, role):
                _make_member(cursor, role, login)
            _check_schema(cursor)
        except DatabaseError as refusal:
            raise NeedsAdministrator(_advice(cursor, role, refusal)) from refusal
        _set_defaults(cursor, role)


def grant(connection) -> None:
    """Read, add and change everywhere, delete where core.grants says so; the same however often it runs."""
    role = sql.Identifier(settings.APPLICATION_ROLE)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = _owned(cursor, "rpvmf")
        _execute(cursor, "REVOKE ALL ON {} FROM {}", _list(tables), role)
        _execute(cursor, "GRANT SELECT ON {} TO {}", _list(tables | _parts(cursor)), role)
        _execute(cursor, "GRANT INSERT, UPDATE ON {} TO {}", _list(tables - set(READ_ONLY)), role)
        _execute(cursor, "GRANT DELETE ON {} TO {}", _list(tables & set(MAY_DELETE)), role)
        _execute(cursor, "GRANT USAGE, SELECT, UPDATE ON SEQUENCE {} TO {}", _list(_owned(cursor, "S")), role)


def _create(cursor, role: str) -> None:
    """Two test databases of one server may ask at once."""
    _execute(
        cursor,
        "DO $$ BEGIN CREATE ROLE {} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        sql.Identifier(role),
        unless=_exists(cursor, role),
    )


def _exists(cursor, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    return cursor.fetchone() is not None


def _check_powers(cursor, role: str) -> None:
    cursor.execute("SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone()[0]:
        raise DatabaseError(f"{role} may do more than the application should")


def _logins(cursor, role: str) -> set[str]:
    """The owner's login and, where DATABASE_DIRECT_URL makes it another, the application's."""
    cursor.execute("SELECT current_user")
    ours = cursor.fetchone()[0]
    return {ours, connections["default"].settings_dict["USER"] or ours} - {role}


def _make_member(cursor, role: str, login: str) -> None:
    modern = cursor.connection.server_version >= WITH_SET
    cursor.execute("SELECT pg_has_role(%s, %s, %s)", [login, role, "SET" if modern else "MEMBER"])
    text = "GRANT {} TO {} WITH SET TRUE" if modern else "GRANT {} TO {}"
    _execute(cursor, text, sql.Identifier(role), sql.Identifier(login), unless=cursor.fetchone()[0])


def _check_schema(cursor) -> None:
    cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
    if not cursor.fetchone()[0]:
        raise DatabaseError("permission denied for schema public")


def _set_defaults(cursor, role: str) -> None:
    for privileges, kind in (
        ("SELECT, INSERT, UPDATE", "TABLES"),
        ("USAGE, SELECT, UPDATE", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        text = f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {privileges} ON {kind} TO {{}}"
        _execute(cursor, text, sql.Identifier(role))


def _owned(cursor, kinds: str) -> set[str]:
    """Names in the schema public that are the login's own: an extension's views are not ours to grant.

    Partitions are reached through their parent and its rights, nearly all.
    """
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY(%s)"
        " AND relowner = current_user::regrole AND NOT relispartition",
        [list(kinds)],
    )
    return {name for (name,) in cursor.fetchall()}


def _parts(cursor) -> set[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_inherits ON inhrelid = c.oid JOIN pg_class p ON p.oid = inhparent"
        " WHERE p.relnamespace = 'public'::regnamespace AND p.relname = ANY(%s)",
        [list(READ_IN_PARTS)],
    )
    return {name for (name,) in cursor.fetchall()}


def _list(names: set[str]) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier("public", name) for name in sorted(names))


def _execute(cursor, text: str, *parts: sql.Composable, unless: bool = False) -> None:
    """Nothing to do for an empty list of tables."""
    if not unless and all(part.as_string(cursor.connection) for part in parts):
        cursor.execute(sql.SQL(text).format(*parts).as_string(cursor.connection))


def _advice(cursor, role: str, refusal: Exception) -> str:
    cursor.execute("SELECT current_user, current_database()")
    login, database = (sql.Identifier(name).as_string(cursor.connection) for name in cursor.fetchone())
    option = " WITH SET TRUE" if cursor.connection.server_version >= WITH_SET else ""
    lines = [
        *([] if _exists(cursor, role) else [f"CREATE ROLE {role} NOLOGIN;"]),
        f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;",
        *(f'GRANT {role} TO "{name}"{option};' for name in sorted(_logins(cursor, role))),
        f"ALTER DATABASE {database} OWNER TO {login};",
    ]
    reason = str(refusal).strip().splitlines()[0]
    heading = _("The login of DATABASE_URL may not prepare the database: %(reason)s") % {"reason": reason}
    return "\n".join([heading, _("Let the administrator of the server run:"), *(f"    {line}" for line in lines)])
