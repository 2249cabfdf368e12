"""A customer file into the tables: each line in or out as it should be, and everything that stays is sealed."""

from datetime import date

import pytest
from django.db import connections

from customers.jobs.import_customers import run_import
from customers.models import Customer, IdentityDocument, IdentityKey
from customers.rules.customer_number import customer_number, is_issued_number
from customers.selectors.file import customer_file
from tellerdesk.files.errors import MOST_COLUMNS
from tellerdesk.files.rejects import read_rejects
from tests.customers.import_files import CHINESE, HEADER, counts, csv, head_office, imported, line, rejected, sent
from tests.customers.numbers import citizen_number
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff
from tests.files.sources import workbook

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _surroundings(business_date, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path


@pytest.fixture
def uploads(tmp_path):
    return tmp_path / "uploads"


@pytest.fixture
def by():
    return head_office()


def test_a_line_becomes_a_customer(by):
    number = make_resident_number()
    run = imported(csv(line(number, branch="001", customer_number="00012345")), by=by)
    assert counts(run) == ("succeeded", 1, 1, 0)
    customer, document, key = Customer.objects.get(), IdentityDocument.objects.get(), IdentityKey.objects.get()
    assert (customer.status, customer.verification, customer.channel) == ("active", "migrated", "import")
    assert (customer.customer_number, customer.home_branch.code, customer.opening_branch.code) == (
        "00012345",
        "001",
        "001",
    )
    assert (customer.opened_by, customer.version, customer.merged_into) == (by, 1, None)
    assert (document.number, document.role, document.valid_until) == (number, "primary", date(2040, 1, 1))
    assert (key.customer, document.customer) == (customer, customer)


def test_lines_without_branch_and_number_get_the_senders_and_ours(by):
    run = imported(csv(line(), line(), line(customer_number="12345678")), by=by)
    assert (counts(run), run.issued, run.changed) == (("succeeded", 3, 3, 0), 2, 3)
    numbers = sorted(Customer.objects.values_list("customer_number", flat=True))
    assert [is_issued_number(number) for number in numbers if number != "12345678"] == [True, True]
    assert set(Customer.objects.values_list("home_branch__code", flat=True)) == {"000"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_chinese_headers_in_every_encoding(by, encoding, delimiter):
    content = csv(line(name="王𠮷"), header=CHINESE, delimiter=delimiter).replace("\n", "\r\n")
    run = imported(content.encode(encoding), by=by)
    assert (counts(run), Customer.objects.get().name) == (("succeeded", 1, 1, 0), "王𠮷")


def test_a_workbook(by):
    people = [line(valid_from=date(2020, 1, 1), customer_number=10000000), line(name="")]
    run = imported(workbook([HEADER, *([each.get(name, "") for name in HEADER] for each in people)]), by=by)
    assert counts(run) == ("succeeded", 2, 1, 1)
    assert Customer.objects.get().customer_number == "10000000"
    assert rejected(run) == [(3, "required", "name:required")]


def test_every_bad_line_has_its_code_and_the_rest_goes_in(by):
    make_branch("002", entity=by.legal_entity)
    lines = [
        line(),
        line("330106198503121224"),
        line(name="", mobile="1"),
        line(branch="777"),
        line(valid_until="2019/1/1"),
        line(branch="002"),
    ]
    content = csv(*lines).encode() + b"\xff\xfe,broken\n" + b'"unclosed,line\n' + csv(line()).split("\n")[1].encode()
    run = imported(content, by=by)
    assert counts(run) == ("succeeded", 9, 3, 6)
    assert rejected(run) == [
        (3, "checksum", "document_number:checksum"),
        (4, "required", "name:required mobile:format"),
        (5, "unknown_branch", "branch:unknown_branch"),
        (6, "period_reversed", "valid_until:period_reversed"),
        (8, "wrong_encoding", ":wrong_encoding"),
        (9, "broken_quotes", ":broken_quotes"),
    ]
    assert run.rejects_by_code == {
        "checksum": 1, "required": 1, "unknown_branch": 1, "period_reversed": 1, "wrong_encoding": 1, "broken_quotes": 1
    }  # fmt: skip


def test_the_rejects_are_corrected_and_sent_again(by):
    bad = [line(name="", address="=1+1"), line(mobile="=2")]
    first = imported(csv(line(), *bad), by=by)
    text = b"".join(read_rejects(first.rejects_stored)).decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join([*HEADER, "line 行号", "code 错误码", "message 说明"])
    assert [row.split(",")[-3:] for row in text.splitlines()[1:]] == [
        ["3", "required", "姓名：请填写"],
        ["4", "format", "手机号：应为 11 位，以 1 开头；境外号码以 + 和国家代码开头"],
    ]
    assert ",'=1+1," in text
    corrected = text.replace("\n,", "\n王小明,", 1).replace("'=2", "13900000128")
    second = imported(corrected, by=by)
    assert (counts(second), Customer.objects.count()) == (("succeeded", 2, 2, 0), 3)
    assert Customer.objects.get(name="王小明").address == "=1+1"


def test_a_person_who_is_a_customer_already(by):
    number = make_resident_number()
    known = make_customer(by=make_staff(), number=number)
    run = imported(csv(line(number), line()), by=by)
    assert counts(run) == ("succeeded", 2, 1, 1)
    problem = f"document_number:customer_exists:{known.customer_number}"
    assert rejected(run) == [(2, "customer_exists", problem)]
    assert known.customer_number in b"".join(read_rejects(run.rejects_stored)).decode()


def test_one_person_and_not_one_paper(by):
    """The household register and the card of one number are one person."""
    number = citizen_number(date(2015, 3, 12))
    card = line(number, valid_until="2030-01-01")
    register = line(number, document_type="户口簿", valid_from="", valid_until="")
    run = imported(csv(card, register), by=by)
    assert rejected(run) == [(3, "duplicate_line", "document_number:duplicate_line")]


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize("dry_run", [True, False])
def test_the_same_person_and_the_same_number_twice_whatever_the_chunks(by, monkeypatch, size, dry_run):
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", size)
    first, second, third, fourth = (make_resident_number() for _ in range(4))
    content = csv(
        line(first, customer_number="100001"),
        line(first, customer_number="100002"),
        line(second, customer_number="100002"),
        line(third, customer_number="100001"),
        line(third, name=""),
        line(third, customer_number="100003"),
        line(fourth),
        line(fourth, customer_number="100004"),
    )
    run = imported(content, by=by, dry_run=dry_run)
    assert [(place, code) for place, code, _problems in rejected(run)] == [
        (3, "duplicate_line"),
        (5, "number_taken"),
        (6, "required"),
        (9, "duplicate_line"),
    ]
    assert (run.accepted, Customer.objects.count()) == (4, 0 if dry_run else 4)


def test_a_number_of_another_customer(by):
    known = make_customer(by=make_staff())
    run = imported(csv(line(customer_number=known.customer_number)), by=by)
    assert rejected(run) == [(2, "number_taken", "customer_number:number_taken")]


def test_numbers_of_ours_skip_those_taken_over(by):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nextval('customers_customer_serial')")
        serial = cursor.fetchone()[0]
    taken = [customer_number(serial + ahead) for ahead in (1, 2)]
    imported(csv(line(customer_number=taken[0])), by=by)
    run = imported(csv(line(), line(customer_number=taken[1]), line()), by=by)
    assert (counts(run), run.issued) == (("succeeded", 3, 3, 0), 2)
    assert Customer.objects.values("customer_number").distinct().count() == 4


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize("place", [0, 2, 5])
def test_a_number_that_the_file_gives_is_issued_to_nobody_else(by, monkeypatch, size, place):
    """Wherever its line stands, it goes in; those without a number get others."""
    monkeypatch.setattr("customers.jobs.import_reading.SIZE", size)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nextval('customers_customer_serial')")
        serial = cursor.fetchone()[0]
    given = [customer_number(serial + ahead) for ahead in (1, 2, 4)]
    lines = [line() for _ in range(5)]
    lines[place:place] = [line(name="", customer_number=given[2]), *(line(customer_number=each) for each in given[:2])]
    run = imported(csv(*lines), by=by)
    assert (counts(run), run.issued) == (("succeeded", 8, 7, 1), 5)
    assert set(Customer.objects.values_list("customer_number", flat=True)) == {
        customer_number(serial + ahead) for ahead in (1, 2, 3, 5, 6, 7, 8)
    }


def test_another_entity_has_its_own_people_and_numbers(by):
    number = make_resident_number()
    other = head_office("NB")
    imported(csv(line(number, customer_number="100001")), by=by)
    run = imported(csv(line(number, customer_number="100001")), by=other)
    assert counts(run) == ("succeeded", 1, 1, 0)
    assert Customer.objects.values("legal_entity").distinct().count() == 2


def test_a_dry_run_counts_the_same_and_writes_nothing(by, uploads):
    number = make_resident_number()
    make_customer(by=make_staff(), number=number)
    content = csv(line(), line(number), line(name=""), line(name="王?"))
    dry = imported(content, by=by, dry_run=True)
    assert (counts(dry), dry.changed, dry.issued, Customer.objects.count()) == (("succeeded", 4, 2, 2), 0, 0, 1)
    assert (uploads / dry.stored).exists()
    real = imported(content, by=by)
    assert (counts(real), real.changed, Customer.objects.count()) == (("succeeded", 4, 2, 2), 2, 3)
    assert (dry.rejects_by_code, dry.warnings) == (real.rejects_by_code, real.warnings)
    assert b"".join(read_rejects(dry.rejects_stored)) == b"".join(read_rejects(real.rejects_stored))
    assert real.stored == ""


def test_warnings_count_and_name_their_lines(by):
    run = imported(csv(line(name="王?"), line(valid_until="2021-01-01"), line(name="李？")), by=by)
    assert (counts(run), run.warnings["unwritten"], run.warnings["expired"]) == (
        ("succeeded", 3, 3, 0),
        [2, [2, 4]],
        [1, [3]],
    )


def test_an_expired_document_is_owed_on_the_record(by, business_date):
    imported(csv(line(valid_until="2021-01-01")), by=by)
    owed = customer_file(Customer.objects.get(), as_of=business_date).owed
    assert [(each.kind, each.is_overdue) for each in owed if each.is_overdue] == [("document_expired", True)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\n\n", "empty_file"),
        ("姓名,性别\n顾青禾,女\n", "missing_column"),
        ("姓名,name,证件类型,证件号码\n", "duplicate_column"),
        ("顾青禾,女,居民身份证\n", "not_a_table"),
        (csv(line()).encode("utf-16"), "wrong_encoding"),
        (workbook([HEADER, ["顾青禾"] * 3])[:2000], "broken_workbook"),
    ],
)
def test_a_file_refused_as_a_whole(by, uploads, content, code):
    run = imported(content, by=by)
    assert (run.status, run.error_code, run.rows, run.accepted) == ("failed", code, 0, 0)
    assert rejected(run) == [(1, code, f":{code}")]
    assert (run.stored, [path.name for path in uploads.iterdir()]) == ("", [run.rejects_stored])
    text = b"".join(read_rejects(run.rejects_stored)).decode("utf-8-sig")
    assert text.splitlines()[1].startswith(f"1,{code},")


def test_a_header_alone_is_no_fault(by):
    assert counts(imported(csv(), by=by)) == ("succeeded", 0, 0, 0)


def test_a_file_damaged_on_the_disk(by, uploads):
    run = sent(csv(line()), by=by)
    path = uploads / run.stored
    path.write_bytes(path.read_bytes()[:-1])
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error_code) == ("failed", "file_gone")


def test_odd_signs_in_every_cell_are_kept_or_refused(by):
    quoted = ["a\\b", "制\t表", '引"号', "\\N", "\\.", "'=1", "😀", "=cmd|' /C calc'!A0"]
    odd = [*quoted, "{1}", "%s", "长" * 200, "長" * 201]
    content = csv(*(line(address=f'"{text.replace(chr(34), chr(34) * 2)}"') for text in odd))
    run = imported(content, by=by)
    kept = list(Customer.objects.order_by("pk").values_list("address", flat=True))
    assert kept == ["a\\b", '引"号', "\\N", "\\.", "=1", "=cmd|' /C calc'!A0", "{1}", "%s", "长" * 200]
    assert [place for place, *_rest in rejected(run)] == [3, 8, 13]


def test_as_many_columns_as_a_table_may_have(by):
    more = [f"x{place}" for place in range(MOST_COLUMNS - len(HEADER))]
    content = csv(line(**dict.fromkeys(more, "1")), header=HEADER + more, names=HEADER + more)
    assert counts(imported(content, by=by)) == ("succeeded", 1, 1, 0)


def test_entities_are_told_apart_by_the_line_of_another(by):
    """A branch of another entity is unknown here."""
    make_branch("901", entity=make_entity("NB", "甬江农村商业银行"))
    run = imported(csv(line(branch="901")), by=by)
    assert rejected(run) == [(2, "unknown_branch", "branch:unknown_branch")]
