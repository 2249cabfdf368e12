"""Nothing of a customer can be removed, by code or by SQL."""

import pytest
from django.db import DatabaseError, connections, transaction

from customers.models import Customer, IdentityDocument, Look
from customers.services import look_up
from tests.factories import make_customer, make_staff

TABLES = [
    "customers_customer",
    "customers_identitydocument",
    "customers_identitykey",
    "customers_identitycheck",
    "customers_look",
    "customers_receipt",
    "customers_amendment",
    "customers_documentimage",
    "customers_postponement",
    "audit_auditevent",
    "audit_auditlink",
]


@pytest.mark.django_db
def test_delete_is_refused_by_the_model():
    customer = make_customer()
    with pytest.raises(Exception, match="permanent"):
        customer.delete()


@pytest.mark.django_db
def test_delete_is_refused_by_the_database():
    make_customer()
    for rows in (Customer.objects.all(), IdentityDocument.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


@pytest.mark.django_db
def test_a_look_and_a_customer_number_never_change():
    customer = make_customer()
    look_up(customer_number=customer.customer_number, by=make_staff())
    with pytest.raises(DatabaseError), transaction.atomic():
        Look.objects.update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Customer.objects.update(customer_number="999999999999")


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("alias", ["default", "owner"])
def test_truncate_is_refused_for_application_and_owner(table, alias):
    with pytest.raises(DatabaseError), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
