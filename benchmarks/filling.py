"""A bank full of customers, copied straight into the tables by the owner: sealed numbers, keys, checks, looks, events.

The events are not linked into a chain and nothing is validated, which no figure here depends on.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from benchmarks import scratch
from customers.models import Customer, IdentityCheck, IdentityDocument, IdentityKey
from customers.models.sealed_number import SealedNumber
from customers.rules.check_digits import mod_11_2
from customers.rules.customer_number import customer_number
from customers.rules.identity_key import identity_key
from tellerdesk.staff.models import Staff
from tellerdesk.vault.services import digest

CHUNK = 20_000
SOUGHT_EVERY = 997  # a prime, so that those looked up lie all over the tables
FIRST_DAY, DAYS = date(1950, 1, 1), 25_000
MOMENT = "2024-05-06 10:00:00+08"
TABLES = {
    Customer: (
        "id",
        "legal_entity_id",
        "customer_number",
        "status",
        "verification",
        "name",
        "sex",
        "birth_date",
        "nationality",
        "occupation",
        "occupation_detail",
        "address",
        "employer_address",
        "mobile",
        "phone",
        "email",
        "ethnic_group",
        "marital_status",
        "education",
        "income_band",
        "tax_residency",
        "risk_level",
        "settled_abroad",
        "unit_proof",
        "has_cheque_account",
        "channel",
        "opening_branch_id",
        "home_branch_id",
        "opened_by_id",
        "opened_at",
        "version",
    ),
    IdentityDocument: (
        "legal_entity_id",
        "customer_id",
        "role",
        "document_type",
        "number_ciphertext",
        "number_key_id",
        "number_digest",
        "number_masked",
        "valid_from",
        "valid_until",
        "long_term",
        "issuing_authority",
        "recorded_at",
    ),
    IdentityKey: ("legal_entity_id", "key_digest", "customer_id"),
    IdentityCheck: (
        "legal_entity_id",
        "branch_id",
        "teller_id",
        "checked_at",
        "business",
        "name",
        "document_type",
        "number_ciphertext",
        "number_key_id",
        "number_digest",
        "number_masked",
        "key_digest",
        "outcome",
        "photo_hash",
        "issuing_authority",
        "message",
        "request_id",
        "source",
        "attempts",
        "decision",
        "police_receipt",
        "reason",
        "customer_id",
        "consumed_at",
    ),
}
EVENTS = """
INSERT INTO audit_auditevent (at, entity, branch, actor, actor_name, action, subject_type, subject_id, subject_label,
                              detail, changes, touched)
SELECT opened_at, %(entity)s, %(branch)s, %(actor)s, %(name)s, 'customers.opened', 'customers.customer', id::text,
       customer_number || ' ' || left(name, 1) || '*', '{"document": "resident_id"}', '{}',
       ARRAY['customers.customer:' || id]
FROM customers_customer
"""
LOOKS = """
INSERT INTO customers_look (legal_entity_id, branch_id, staff_id, at, key, reason, customer_id)
SELECT legal_entity_id, home_branch_id, opened_by_id, opened_at, customer_number, '', id FROM customers_customer
"""


@dataclass(frozen=True)
class Person:
    """Somebody to look up, with both keys."""

    customer_number: str
    document_number: str
    name: str


def fill(count: int) -> list[Person]:
    started, teller = time.monotonic(), Staff.objects.select_related("legal_entity").get(username="teller")
    sought: list[Person] = []
    with unguarded() as cursor:
        for first in range(1, count + 1, CHUNK):
            copy(cursor, range(first, min(first + CHUNK, count + 1)), teller, sought)
        print(f"customers copied: {count:,} in {time.monotonic() - started:.0f} s")
        who = {"entity": teller.legal_entity.code, "branch": teller.branch.code, "actor": "teller", "name": teller.name}
        cursor.execute(EVENTS, who)
        cursor.execute(LOOKS)
        cursor.execute(
            f"SELECT setval('customers_customer_id_seq', {count}), setval('customers_customer_serial', {count + 1000})"
        )
    analyse()
    print(f"database filled: {time.monotonic() - started:.0f} s")
    return sought


@contextmanager
def unguarded() -> Iterator:
    """In one transaction, in which triggers and foreign keys are not asked; needs the rights of a superuser."""
    connection = scratch.connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
    connection.close()


def analyse() -> None:
    connection = scratch.connect()
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    connection.close()


def copy(cursor, serials: range, teller: Staff, sought: list[Person]) -> None:
    texts = {model: StringIO() for model in TABLES}
    for serial in serials:
        person, rows = rows_of(serial, teller)
        for model, row in rows.items():
            texts[model].write("\t".join(row) + "\n")
        if serial % SOUGHT_EVERY == 1:
            sought.append(person)
    for model, text in texts.items():
        text.seek(0)
        cursor.copy_expert(f"COPY {model._meta.db_table} ({', '.join(TABLES[model])}) FROM STDIN", text)


def rows_of(serial: int, teller: Staff) -> tuple[Person, dict]:
    born = FIRST_DAY + timedelta(days=serial % DAYS)
    body = f"3301{6 + serial % 2:02}{born:%Y%m%d}{100 + serial // DAYS % 800:03}"
    person = Person(customer_number(serial), body + mod_11_2(body), f"样例{chr(0x4E00 + serial % 20_000)}")
    entity, branch, by, pk = str(teller.legal_entity_id), str(teller.branch.pk), str(teller.pk), str(serial)
    sealed = SealedNumber.columns("resident_id", person.document_number)
    cipher, key_id = raw(sealed["number_ciphertext"]), str(sealed["number_key_id"])
    found, masked = raw(sealed["number_digest"]), sealed["number_masked"]
    key = raw(digest(identity_key("resident_id", person.document_number)))
    sex = "male" if int(body[16]) % 2 else "female"
    return person, {
        Customer: (
            pk,
            entity,
            person.customer_number,
            "active",
            "verified",
            person.name,
            sex,
            str(born),
            "CHN",
            "clerical",
            "",
            f"浙江省杭州市西湖区样例路{serial % 400}号",
            "",
            f"154{serial % 10**8:08}",
            "",
            "",
            "",
            "married",
            "bachelor",
            "under_100k",
            "china_only",
            "low",
            "f",
            "f",
            "f",
            "counter",
            branch,
            branch,
            by,
            MOMENT,
            "1",
        ),
        IdentityDocument: (
            entity,
            pk,
            "primary",
            "resident_id",
            cipher,
            key_id,
            found,
            masked,
            "2020-01-01",
            "2040-01-01",
            "f",
            "西湖区公安局",
            MOMENT,
        ),
        IdentityKey: (entity, key, pk),
        IdentityCheck: (
            entity,
            branch,
            by,
            MOMENT,
            "open_customer",
            person.name,
            "resident_id",
            cipher,
            key_id,
            found,
            masked,
            key,
            "match",
            "0" * 64,
            "",
            "",
            f"SIM{serial:013}",
            "simulator",
            "1",
            "proceed",
            "",
            "",
            pk,
            MOMENT,
        ),
    }


def raw(value: bytes) -> str:
    return "\\\\x" + value.hex()
