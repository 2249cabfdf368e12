import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from tellerdesk.core.database_roles import NeedsAdministrator, grant, make_application_role
from tellerdesk.core.grants import MAY_DELETE, READ_ONLY
from tests.databases import as_owner

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PRIVILEGES = """
SELECT relname, array_agg(privilege_type ORDER BY privilege_type)
FROM pg_class, aclexplode(relacl) WHERE grantee = %s::regrole AND relkind IN ('r', 'p') GROUP BY relname
"""


def privileges():
    with connection.cursor() as cursor:
        cursor.execute(PRIVILEGES, [settings.APPLICATION_ROLE])
        return {table: set(allowed) for table, allowed in cursor.fetchall()}


def tables_with(privilege):
    return {table for table, allowed in privileges().items() if privilege in allowed}


def every_table():
    return set(connection.introspection.table_names())


def test_psycopg2_is_what_django_uses():
    assert not is_psycopg3


def test_tests_run_as_the_application():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (settings.APPLICATION_ROLE, False, False)


def test_every_table_may_be_read_and_nearly_all_written():
    assert tables_with("SELECT") == every_table()
    assert tables_with("INSERT") == tables_with("UPDATE") == every_table() - set(READ_ONLY)


def test_only_what_is_named_may_be_deleted_and_nothing_truncated():
    assert tables_with("DELETE") == set(MAY_DELETE)
    assert set.union(*privileges().values()) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_granting_again_changes_nothing():
    before = privileges()
    grant(connections["owner"])
    assert privileges() == before


def test_tables_made_later_are_the_application_s_to_use():
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (id bigserial)")
        cursor.execute("SELECT has_table_privilege(%s, 'made_later', 'INSERT')", [settings.APPLICATION_ROLE])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT has_table_privilege(%s, 'made_later', 'DELETE')", [settings.APPLICATION_ROLE])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("statement", ["CREATE TABLE own (id int)", "ALTER TABLE staff_staff DISABLE TRIGGER USER"])
def test_the_application_changes_no_tables(statement):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def stranger():
    """A login that owns nothing and may create nothing."""
    name = f"stranger_of_{connections['owner'].settings_dict['NAME']}"
    with as_owner() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'stranger'")
    link = connections["owner"].copy()
    link.settings_dict = {**link.settings_dict, "USER": name, "PASSWORD": "stranger"}
    yield link
    link.close()
    with as_owner() as cursor:
        cursor.execute(f"DROP ROLE {name}")


def test_what_the_login_may_not_do_is_told_as_sql(stranger):
    with pytest.raises(NeedsAdministrator) as refusal:
        make_application_role(stranger)
    lines = str(refusal.value).splitlines()
    grants = [line.strip().split(" TO ")[0] for line in lines if "GRANT" in line]
    assert f"GRANT {settings.APPLICATION_ROLE}" in grants
    assert (
        f'    ALTER DATABASE "{connection.settings_dict["NAME"]}" OWNER TO "{stranger.settings_dict["USER"]}";' in lines
    )
