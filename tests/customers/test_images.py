"""证件影像 over HTTP: kept once, sealed, for ever, and shown to whoever may see the customer."""

import io
import re
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from customers.enums import CheckDecision
from customers.models import DocumentImage, Look
from customers.rules.corroboration import Evidence, Paper
from customers.selectors.file import customer_file
from customers.selectors.images import OF
from customers.services import decide_check, open_customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.business_date import today
from tellerdesk.files import contents
from tests.customers.merges import ask, merge, undo
from tests.customers.pages import logged_in
from tests.customers.scans import jpeg, pdf, png
from tests.factories import (
    make_branch,
    make_check,
    make_customer,
    make_entity,
    make_particulars,
    make_resident_number,
    make_staff,
    sign_in,
)

pytestmark = pytest.mark.django_db
GATE = "training.backends.QualificationBackend"


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, business_date):
    settings.DATA_FOLDER = tmp_path
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != GATE]


@pytest.fixture
def teller(client):
    return logged_in(client)


@pytest.fixture
def customer(teller):
    return make_customer(by=teller)


def upload(data: bytes, name: str = "scan.bin") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def send(client, customer, data=None, **fields):
    document = {} if fields.keys() & {*OF} else {"document": customer.documents.get().pk}
    typed = document | {"side": "front"} | fields | {"file": upload(png() if data is None else data)}
    return client.post(f"/api/v1/customers/{customer.customer_number}/images/", typed)


def code_of(response, field="file") -> str:
    return response.json()["errors"][field][0]["code"]


def test_a_scan_is_kept_under_what_it_is_sealed_and_once(client, teller, customer):
    first, again = send(client, customer), send(client, customer)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    image = DocumentImage.objects.get()
    path = contents.path_of(image.sha256)
    assert (image.content_type, image.size, image.uploaded_by) == ("image/png", len(png()), teller)
    assert path.parent.name == image.sha256[:2]
    assert png()[:8] not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [image.sha256]
    assert list((path.parent.parent.parent / "uploads").iterdir()) == []


def test_one_content_on_two_files_stands_on_the_disk_once(client, teller, customer):
    other = make_customer(by=teller)
    assert (send(client, customer).status_code, send(client, other).status_code) == (201, 201)
    assert DocumentImage.objects.count() == 2
    assert len([each for each in contents.folder().rglob("*") if each.is_file()]) == 1


@pytest.mark.parametrize(("data", "kind"), [(png(), "image/png"), (jpeg(), "image/jpeg"), (pdf(), "application/pdf")])
def test_it_goes_out_as_it_came_and_does_nothing(client, customer, data, kind):
    address = send(client, customer, data).json()["url"]
    page = f"/customers/{customer.customer_number}/images/{DocumentImage.objects.get().pk}/"
    for answer in (client.get(address), client.get(page)):
        assert (answer.content, answer.headers["Content-Type"]) == (data, kind)
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"].split("; ")
        assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_every_opening_of_a_scan_is_a_look(client, teller, customer):
    address = send(client, customer).json()["url"].replace("/api/v1", "")
    client.get(address)
    client.get(address)
    assert Look.objects.filter(customer=customer, staff=teller, key__contains="#").count() == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (b"<!doctype html><script>alert(1)</script>", "not_an_image"),
        (png() + b"<script>", "not_an_image"),
        (b"\x00" * 100, "not_an_image"),
    ],
)
def test_what_is_no_scan_is_refused_by_its_content(client, customer, data, code):
    answer = send(client, customer, data)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert DocumentImage.objects.count() == 0


def test_a_scan_beyond_the_limit_is_refused(client, customer, monkeypatch):
    monkeypatch.setattr("customers.services.imaging.largest_image", lambda entity: 60)
    answer = send(client, customer)
    assert (answer.status_code, code_of(answer)) == (400, "too_large")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"side": "top"}, "side"),
        ({"document": "x"}, "document"),
        ({"document": 999999999}, "document"),
        ({"agent": 1}, "agent"),
        ({"paper": 2**70}, "paper"),
        ({"document": 1, "agent": 1}, "document"),
    ],
)
def test_what_it_is_of_must_be_this_customers(client, customer, fields, field):
    answer = send(client, customer, **fields)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)


def test_a_body_without_a_file_names_the_field(client, customer):
    address = f"/api/v1/customers/{customer.customer_number}/images/"
    missing = client.post(address, {"document": 1})
    text = client.post(address, {"document": 1, "file": "no file"})
    as_json = client.post(address, {"document": 1, "file": "x"}, content_type="application/json")
    assert [each.status_code for each in (missing, text, as_json)] == [400] * 3
    assert all("file" in each.json()["errors"] for each in (missing, text, as_json))


def test_there_is_no_way_to_take_one_away(client, customer):
    address = send(client, customer).json()["url"]
    assert client.delete(address).status_code == 405
    assert client.put(address, {}, content_type="application/json").status_code == 405
    for act in (lambda rows: rows.update(side="back"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(DocumentImage.objects.all())


def test_another_customer_and_another_legal_entity_are_404(client, customer, teller):
    image = send(client, customer).json()["id"]
    other = make_customer(by=teller)
    stranger = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    elsewhere = sign_in(stranger)
    assert client.get(f"/customers/{other.customer_number}/images/{image}/").status_code == 404
    assert client.get(f"/api/v1/customers/{other.customer_number}/images/{image}/").status_code == 404
    for address in (
        f"/customers/{customer.customer_number}/images/",
        f"/api/v1/customers/{customer.customer_number}/images/",
    ):
        assert elsewhere.get(address).status_code == 404
        assert elsewhere.get(f"{address}{image}/").status_code == 404


def test_a_scan_goes_where_its_paper_goes(client, teller):
    survivor, absorbed = make_customer(by=teller), make_customer(by=teller)
    paper = absorbed.documents.get()
    request = merge(survivor, absorbed)
    image = send(client, survivor, document=paper.pk).json()
    assert client.get(f"/customers/{absorbed.customer_number}/images/{image['id']}/").status_code == 200
    undo(request)
    assert client.get(image["url"]).status_code == 404
    [listed] = client.get(f"/api/v1/customers/{absorbed.customer_number}/images/").json()["results"]
    assert client.get(f"/api/v1/customers/{survivor.customer_number}/images/").json()["results"] == []
    assert (listed["id"], client.get(listed["url"]).status_code) == (image["id"], 200)
    assert Look.objects.filter(staff=teller, customer=absorbed, key__contains="#").count() == 1


def test_the_evidence_of_a_merge_is_seen_by_whoever_decides(client, teller):
    survivor, absorbed = make_customer(by=teller), make_customer(by=teller)
    send(client, survivor)
    send(client, absorbed, jpeg())
    request = ask(survivor, absorbed)
    for each in (survivor, absorbed):
        assert send(client, each, pdf(), amendment=request.pk).status_code == 201
        assert f"amendment-{request.pk}" in client.get(f"/customers/{each.customer_number}/images/").content.decode()
    boss = make_staff(position="branch_manager")
    office = sign_in(boss)
    review = office.get(f"/customers/review/{request.pk}/").content.decode()
    for image in DocumentImage.objects.filter(document__isnull=False):
        address = f"/customers/{image.document.customer.customer_number}/images/{image.pk}/"
        assert address in review
        assert office.get(address).status_code == 200
    assert len(re.findall(rf" {request.pk}\s*</h3>", review)) == 1
    assert request.images.count() == 1
    assert Look.objects.filter(staff=boss, customer__in=(survivor, absorbed)).exclude(key__contains="#").count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_event_names_the_image_and_the_chain_holds(client, customer):
    send(client, customer)
    event = AuditEvent.objects.get(action="customers.image_added")
    assert f"customers.documentimage:{DocumentImage.objects.get().pk}" in event.touched
    assert verify().faults == []


def test_the_copy_owed_of_an_auxiliary_paper_is_there_with_its_scan(client, teller):
    number = make_resident_number(sequence=900)
    check = make_check(number, by=teller)
    evidence = Evidence(papers=(Paper("driving_licence", number, same_name=True),))
    decide_check(check=check, decision=CheckDecision.PROCEED, evidence=evidence, by=teller)
    customer = open_customer(check_id=check.pk, particulars=make_particulars(number), by=teller).customer
    assert "auxiliary_copy" in owed(customer)
    assert send(client, customer, jpeg(), paper=check.auxiliary_papers.get().pk).json()["of"] == "paper"
    assert "auxiliary_copy" not in owed(customer)
    supervisor = sign_in(make_staff(position="supervisor"))
    review = supervisor.get(f"/customers/review/{customer.amendments.get().pk}/").content.decode()
    assert f"/customers/{customer.customer_number}/images/{DocumentImage.objects.get().pk}/" in review


def owed(customer) -> list[str]:
    return [each.kind for each in customer_file(customer, as_of=today()).owed]


def test_the_page_takes_a_scan_and_says_what_is_wrong_with_one(client, customer):
    address = f"/customers/{customer.customer_number}/images/"
    of = f"document-{customer.documents.get().pk}"
    answer = client.post(f"{address}add/", {"of": of, "side": "back", "file": upload(jpeg())})
    assert answer.headers["Location"] == address
    assert f'href="{address}{DocumentImage.objects.get().pk}/"' in client.get(address).content.decode()
    wrong = client.post(f"{address}add/", {"of": of, "side": "back", "file": upload(b"MZ")}).content.decode()
    assert 'href="#id_file"' in wrong
    missing = client.post(f"{address}add/", {"of": "document-x", "side": "\x00"}).content.decode()
    assert all(f'href="#id_{name}"' in missing for name in ("of", "side", "file"))
    assert DocumentImage.objects.get().side == "back"


def test_whoever_only_looks_sends_none(client, customer):
    advisor = sign_in(make_staff(position="financial_advisor"))
    assert send(advisor, customer).status_code == 403
    page = advisor.get(f"/customers/{customer.customer_number}/images/").content.decode()
    assert 'type="file"' not in page


def test_the_verification_names_what_is_gone_or_changed(client, customer, capsys):
    send(client, customer)
    send(client, customer, jpeg())
    send(client, customer, pdf())
    call_command("verify_images")
    assert "3" in capsys.readouterr().out
    gone, changed, broken = DocumentImage.objects.order_by("pk")
    contents.path_of(gone.sha256).unlink()
    contents.path_of(changed.sha256).write_bytes(contents.path_of(broken.sha256).read_bytes())
    contents.path_of(broken.sha256).write_bytes(contents.path_of(broken.sha256).read_bytes()[:-1] + b"\x00")
    with pytest.raises(CommandError, match="3 of 3"):
        call_command("verify_images")
    told = capsys.readouterr().out
    assert all(
        f"{image.sha256}  {fault}" in told
        for image, fault in ((gone, "gone"), (changed, "other_content"), (broken, "broken"))
    )
    assert client.get(f"/customers/{customer.customer_number}/images/{gone.pk}/").status_code == 404
