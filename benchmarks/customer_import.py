"""A customer file of a core system imported whole, beside its two floors in the same run.

Floors: the bare loop of validation and encryption in one process, and COPY of the finished rows into the same tables
without foreign keys. The import itself runs in a process of its own, as the worker runs it, so that its memory shows.
"""

import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from django.conf import settings
from django.db import connections

from benchmarks.figures import ROUNDS, table
from benchmarks.filling import DAYS, FIRST_DAY
from customers.jobs.import_reading import chunks, open_file
from customers.models import CustomerImport
from customers.rules.check_digits import mod_11_2
from customers.rules.identity_key import number_text
from customers.rules.import_columns import COLUMNS
from customers.rules.import_row import read_row
from customers.services import queue_import
from tellerdesk.core.business_date import today
from tellerdesk.core.database_roles import OWNER
from tellerdesk.core.masking import mask_number
from tellerdesk.files.storage import keep
from tellerdesk.staff.models import Branch, Staff
from tellerdesk.vault.services import keyring

GOAL = 1.5
NAMES = [column.name for column in COLUMNS[:16]]
FLOOR_TABLES = {
    "customers_customer": (
        "id, legal_entity_id, customer_number, status, verification, name, sex, birth_date, nationality, occupation, "
        "occupation_detail, address, employer_address, mobile, phone, email, ethnic_group, marital_status, education, "
        "income_band, tax_residency, risk_level, settled_abroad, unit_proof, has_cheque_account, channel, "
        "opening_branch_id, home_branch_id, opened_by_id, opened_at, version"
    ),
    "customers_identitydocument": (
        "id, legal_entity_id, customer_id, role, document_type, number_ciphertext, number_key_id, number_digest, "
        "number_masked, valid_from, valid_until, long_term, issuing_authority, recorded_at"
    ),
    "customers_identitykey": "id, legal_entity_id, key_digest, customer_id",
}


def run(customers: int) -> None:
    by = Staff.objects.select_related("legal_entity").get(username="headoffice")
    rounds = [_round(number, customers, by) for number in range(ROUNDS)]
    seconds = {name: median(each[name] for each in rounds) for name in ("loop", "copy", "import")}
    floor = max(seconds["loop"], seconds["copy"])
    rows = [
        ["validation and encryption, one process (floor)", f"{seconds['loop']:.1f}", "1.00", ""],
        ["COPY of the finished rows (floor)", f"{seconds['copy']:.1f}", "", "1.00"],
        [
            "import",
            f"{seconds['import']:.1f}",
            f"{seconds['import'] / seconds['loop']:.2f}",
            f"{seconds['import'] / seconds['copy']:.2f}",
        ],
    ]
    title = f"Customer import of {customers:,}, medians of {ROUNDS} rounds, each onto the ones before"
    table(title, ["", "s", "of the loop", "of COPY"], rows)
    print(f"  {seconds['import'] / floor:.2f} of the slower floor (goal {GOAL})")
    memory = {name: max(each[name] for each in rounds) for name in ("memory", "children")}
    print(f"  memory: {memory['memory']} MB, {memory['children']} MB in each side process (goal 200 MB)")


def _round(number: int, customers: int, by: Staff) -> dict:
    stored = keep(lines(number * customers, customers))
    loop = bare_loop(stored.name, by)
    sent = queue_import(stored=stored, file_name="customers.csv", dry_run=False, by=by)
    command = [sys.executable, "-m", "benchmarks.import_once", str(sent.pk)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=settings.BASE_DIR)
    sent.refresh_from_db()
    if (sent.status, sent.accepted) != ("succeeded", customers):
        raise RuntimeError(f"not imported: {sent.status} {sent.error_code} {sent.accepted} {sent.rejects_by_code}")
    return {"loop": loop, "copy": copy_again(sent)} | json.loads(done.stdout)


def lines(first: int, count: int) -> Iterator[bytes]:
    yield (",".join(NAMES) + "\n").encode()
    for start in range(first, first + count, 1000):
        stop = min(start + 1000, first + count)
        yield "".join(line(serial) for serial in range(start, stop)).encode()


def line(serial: int) -> str:
    born = FIRST_DAY + timedelta(days=serial % DAYS)
    body = f"3301{6 + serial % 2:02}{born:%Y%m%d}{100 + serial // DAYS % 800:03}"
    cells = {
        "name": f"样例{chr(0x4E00 + serial % 20_000)}",
        "sex": "男" if int(body[16]) % 2 else "女",
        "birth_date": f"{born:%Y/%m/%d}",
        "nationality": "中国",
        "occupation": "农林牧渔",
        "address": f"浙江省杭州市西湖区样例路{serial % 400}号",
        "mobile": f"154{serial % 10**8:08}",
        "document_type": "居民身份证",
        "document_number": body + mod_11_2(body),
        "valid_from": "2020-01-01",
        "valid_until": "长期",
        "branch": f"{1 + serial % 2:03}",
        "customer_number": str(700_000_000_000 + serial),
    }
    return ",".join(cells.get(name, "") for name in NAMES) + "\n"


def bare_loop(stored: str, by: Staff) -> float:
    """Seconds; reading the file is not counted."""
    opened, keys, day = open_file(stored), keyring(), today()
    branches, spent = _branches(by), 0.0
    for chunk in chunks(opened, after=0):
        started = time.perf_counter()
        for _line, *cells in chunk.rows:
            row = read_row(dict(zip(opened.names, cells, strict=True)), branches=branches, today=day)
            paper = row.paper
            keys.digest(paper.identity_key)
            keys.seal(paper.normalized)
            keys.digest(number_text(paper.document_type, paper.normalized))
            mask_number(paper.normalized)
        spent += time.perf_counter() - started
    return spent


def copy_again(sent: CustomerImport) -> float:
    """Seconds to COPY what the import wrote into tables with the same columns, keys and indexes."""
    spent = 0.0
    with connections[OWNER].cursor() as cursor:
        for name, columns in FLOOR_TABLES.items():
            rows = _written(cursor, name, columns, sent)
            cursor.execute(f"CREATE TABLE bench_{name} (LIKE {name} INCLUDING ALL)")
            started = time.perf_counter()
            cursor.copy_expert(f"COPY bench_{name} ({columns}) FROM STDIN", rows)
            spent += time.perf_counter() - started
            cursor.execute(f"DROP TABLE bench_{name}")
    return spent


def _written(cursor, name: str, columns: str, sent: CustomerImport) -> io.BytesIO:
    mine = f"SELECT id FROM customers_customer WHERE opened_at = '{sent.opened_at.isoformat()}'"
    key = "id" if name == "customers_customer" else "customer_id"
    rows = io.BytesIO()
    cursor.copy_expert(f"COPY (SELECT {columns} FROM {name} WHERE {key} IN ({mine}) ORDER BY id) TO STDOUT", rows)
    rows.seek(0)
    return rows


def _branches(by: Staff) -> dict[str, int]:
    return dict(Branch.objects.filter(legal_entity=by.legal_entity_id).values_list("code", "pk"))
