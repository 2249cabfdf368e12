import pytest
from django.db import InternalError, connections, transaction

from tellerdesk.core.moments import one_moment
from tellerdesk.staff.models import LegalEntity
from tests.factories import make_entity

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def elsewhere():
    """Another session."""
    connection = connections["owner"].copy()
    yield connection
    connection.close()


def rename(connection, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE staff_legalentity SET name = %s", [name])


def test_what_others_commit_meanwhile_is_not_seen(elsewhere):
    make_entity()
    with one_moment():
        before = LegalEntity.objects.get().name
        rename(elsewhere, "别的银行")
        assert LegalEntity.objects.get().name == before
    assert LegalEntity.objects.get().name == "别的银行"


def test_nothing_is_written_in_it():
    make_entity()
    with pytest.raises(InternalError, match="read-only"), one_moment():
        LegalEntity.objects.update(name="x")


def test_inside_a_transaction_it_is_that_one():
    with transaction.atomic():
        make_entity()
        with one_moment():
            assert LegalEntity.objects.count() == 1
        LegalEntity.objects.update(name="x")
    assert LegalEntity.objects.get().name == "x"
