"""What the bank decides by itself holds from the moment of approval, for its own legal entity."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from customers.enums import CustomerStatus
from customers.jobs.import_retention import forget_old_imports
from customers.limits import LIMITS
from customers.models import Customer, CustomerImport, ImportReject
from customers.rules.validity import EXPIRING_DAYS
from customers.selectors.file import customer_file
from customers.selectors.limits import expiring_days, grace_days, kept_files, largest_image, largest_upload
from customers.selectors.work import expiring_documents
from tellerdesk.files.retention import STANDARD
from tellerdesk.files.storage import keep
from tests.factories import make_branch, make_customer, make_entity, make_limit, make_qualified, make_staff, sign_in

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.mark.django_db
def test_without_a_change_what_stands_in_the_rules_holds():
    entity = make_entity().pk
    assert (grace_days(entity), expiring_days(entity)) == (90, EXPIRING_DAYS)
    assert (largest_image(entity), largest_upload(entity)) == (10 * 1024**2, 1024**3)
    assert kept_files(entity) == STANDARD


def test_every_default_is_allowed():
    assert all(limit.allows(limit.default) for limit in LIMITS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (None, None, [True, True]),
        ("expiring_days", 30, [False, True]),
        ("expiry_grace_days", 10, [True, False]),
    ],
)
def test_the_list_of_expiring_documents_follows(name, value, shown):
    teller = make_staff()
    soon = make_customer(by=teller, valid_until=TODAY + timedelta(days=60))
    past = make_customer(by=teller, valid_until=TODAY + timedelta(days=1))
    past.documents.update(valid_until=TODAY - timedelta(days=20))
    Customer.objects.filter(pk=past.pk).update(status=CustomerStatus.SUSPENDED)
    if name:
        make_limit(name, value)
    listed = {document.customer_id for document in expiring_documents(teller, TODAY).documents}
    assert [each.pk in listed for each in (soon, past)] == shown


@pytest.mark.django_db
def test_who_is_beyond_grace_and_not_suspended_comes_first():
    teller = make_staff()
    for days in (5, 400, 20):
        make_customer(by=teller, valid_until=TODAY + timedelta(days=1)).documents.update(
            valid_until=TODAY - timedelta(days=days)
        )
    found = expiring_documents(teller, TODAY)
    assert [(TODAY - each.valid_until).days for each in found.documents] == [400, 20, 5]
    assert found.own
    assert not expiring_documents(make_staff(position="supervisor"), TODAY).own


@pytest.mark.django_db
def test_the_file_and_the_first_page_say_so():
    teller = make_qualified(make_staff())
    customer = make_customer(by=teller, valid_until=TODAY + timedelta(days=60))
    client = sign_in(teller)
    assert [each.kind for each in customer_file(customer, as_of=TODAY).owed] == ["document_expiring"]
    make_limit("expiring_days", 30)
    assert customer_file(customer, as_of=TODAY).owed == []
    shown = client.get("/").context["expiring"]
    assert (shown.within, shown.documents) == (30, [])


@pytest.mark.django_db
def test_a_customer_file_beyond_the_limit_is_refused_by_page_and_interface():
    make_limit("largest_upload_mb", 1)
    client = sign_in(make_qualified(make_staff(position="head_office")))
    for size, status in ((1024**2, 202), (1024**2 + 1, 400)):
        file = SimpleUploadedFile("a.csv", b"x" * size)
        assert client.post("/api/v1/customers/imports/", {"file": file, "dry_run": "true"}).status_code == status
    page = client.post("/customers/imports/", {"file": SimpleUploadedFile("a.csv", b"x" * (1024**2 + 1))})
    assert page.context["form"].errors["file"].as_data()[0].code == "too_large"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_files_of_each_legal_entity_stay_as_long_as_it_says(settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    other = make_entity("NB", "甬江农村商业银行")
    make_limit("kept_uploads_days", 2)
    make_limit("kept_rejects_days", 3)
    runs = [ended(make_branch()), ended(make_branch("101", entity=other, name="甬江支行"))]
    forget_old_imports()
    for run in runs:
        run.refresh_from_db()
    assert [(bool(run.stored), bool(run.rejects_stored)) for run in runs] == [(False, False), (True, True)]
    assert list(ImportReject.objects.values_list("customer_import", flat=True)) == [runs[1].pk]


def ended(branch) -> CustomerImport:
    run = CustomerImport.objects.create(
        legal_entity=branch.legal_entity,
        branch=branch,
        started_by=make_staff(branch=branch),
        file_name="a.csv",
        stored=keep([b"sent"]).name,
        rejects_stored=keep([b"rejected"]).name,
        finished_at=timezone.now() - timedelta(days=4),
    )
    ImportReject.objects.create(customer_import=run, line=1, code="required", problems="name:required")
    return run
