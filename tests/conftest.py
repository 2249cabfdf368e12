import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from whitenoise import WhiteNoise

from tellerdesk.core import local_postgres
from tellerdesk.core.database_roles import OWNER, NeedsAdministrator, alone, make_application_role
from tellerdesk.core.migration_states import rendered_once
from tellerdesk.core.static_files import collect_when_changed
from tests import databases
from tests.browsers import pytest_collection_modifyitems, pytest_terminal_summary  # noqa: F401 - hooks


def pytest_unconfigure():
    local_postgres.stop()


@pytest.fixture(scope="session", autouse=True)
def static_files(django_test_environment):
    """The real storage with its manifest, so that a page that names a missing file fails here."""
    collect_when_changed()


@pytest.fixture(scope="session", autouse=True)
def static_files_listed_once(static_files):
    """Every client of a test builds the middleware, which would walk all static files each time."""
    listed, walk = {}, WhiteNoise.update_files_dictionary

    def update_files_dictionary(self, root, prefix):
        if (root, prefix) not in listed:
            walk(self, root, prefix)
            listed[root, prefix] = dict(self.files)
        self.files.update(listed[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", update_files_dictionary)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly():
    """With the product's own costs a login takes a fifth of a second of a core."""
    with pytest.MonkeyPatch.context() as patch:
        for cost, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patch.setattr(Argon2PasswordHasher, cost, least)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    for alias, database in settings.DATABASES.items():
        database["CONN_MAX_AGE"] = 0  # threads of a live server come and go
        if alias == OWNER:
            database.setdefault("TEST", {})["DEPENDENCIES"] = []  # not on `default`, which is its mirror


@pytest.fixture(scope="session")
def django_db_setup(
    request, static_files, django_db_blocker, django_db_modify_db_settings, django_db_keepdb, django_db_createdb
):
    """The owner makes and migrates the database, whichever alias a test asks for; tests are the application."""
    with django_db_blocker.unblock():
        prepare_server()
        keep = django_db_keepdb and not django_db_createdb
        with rendered_once():
            made = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=())
        databases.finish()
    yield
    with django_db_blocker.unblock():
        databases.end_sessions()
        teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


@pytest.fixture(scope="session", autouse=True)
def emptied_by_the_owner():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", databases.empty)
        yield


def prepare_server():
    """Migrations name the application's role, so it is there before them."""
    if local_postgres.is_wanted():
        local_postgres.ensure_running()
    try:
        with alone(connections[OWNER]):
            make_application_role(connections[OWNER])
    except NeedsAdministrator as problem:
        pytest.exit(str(problem), returncode=2)
    connections[OWNER].close()
