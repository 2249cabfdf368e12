"""The search for likely duplicates on a bank of its own, with names as they are borne and some thousand planted pairs.

Floor: every customer in use read once with the primary document, in parallel, in the same run. Memory is that of this
process, and what the sessions of our database have for themselves beyond the shared buffers.
"""

import os
import resource
import threading
import time
from pathlib import Path
from statistics import median

from django.db import connections

from benchmarks import scratch
from benchmarks.figures import ROUNDS, table
from benchmarks.filling import analyse, unguarded
from customers.jobs.find_duplicates import run_search
from customers.models import DuplicatePair
from customers.services.duplicates import new_search
from tellerdesk.core.database_roles import OWNER
from tellerdesk.staff.models import Staff
from tellerdesk.vault.services import seal

GOAL, MOST_MB = 10, 500
EVERY = 0.05  # seconds between two looks at the memory
# 100 surnames and 3,000 given names, the common ones far more common: the square of a chance falls to the first.
CUSTOMERS = """
INSERT INTO customers_customer (id, legal_entity_id, customer_number, status, verification, name, sex, birth_date,
  nationality, occupation, occupation_detail, address, employer_address, mobile, phone, email, ethnic_group,
  marital_status, education, income_band, tax_residency, risk_level, settled_abroad, unit_proof, has_cheque_account,
  channel, opening_branch_id, home_branch_id, opened_by_id, opened_at, version)
SELECT i, %(entity)s, (600000000000 + i)::text, 'active', 'verified',
  chr(19968 + (power(random(), 2.5) * 100)::int) || chr(21000 + (power(random(), 2) * 1500)::int)
    || CASE WHEN random() < 0.8 THEN chr(23000 + (power(random(), 2) * 300)::int) ELSE '' END,
  CASE i %% 2 WHEN 0 THEN 'female' ELSE 'male' END, date '1940-01-01' + (random() * 28000)::int,
  'CHN', 'clerical', '', '浙江省杭州市西湖区样例路' || i || '号3幢201室', '', '1' || (3000000000 + i)::text, '', '', '',
  'married', 'bachelor', 'under_100k', 'china_only', 'low', false, false, false, 'counter', %(branch)s, %(branch)s,
  %(teller)s, timestamptz '2024-05-06 10:00+08', 1
FROM generate_series(1, %(count)s) i
"""
# One in fifty repeats the person ten before: by another paper, by a number with a slip, by a birth date with one.
TWINS = """
UPDATE customers_customer c SET name = o.name, sex = o.sex,
  mobile = CASE c.id %% 3 WHEN 0 THEN o.mobile ELSE c.mobile END,
  birth_date = CASE c.id %% 150 WHEN 100 THEN o.birth_date + 1 ELSE o.birth_date END
FROM customers_customer o WHERE c.id %% 50 = 0 AND o.id = c.id - 10
"""
# The number lies under its mask as it does in a bank; a passport's is sealed as everywhere.
DOCUMENTS = """
INSERT INTO customers_identitydocument (legal_entity_id, customer_id, role, document_type, number_ciphertext,
  number_key_id, number_digest, number_masked, valid_from, valid_until, long_term, issuing_authority, recorded_at)
SELECT %(entity)s, id, 'primary', CASE WHEN passport THEN 'chinese_passport' ELSE 'resident_id' END,
  CASE WHEN passport THEN %(passport)s ELSE sha256(id::text::bytea) || sha256('x') END, %(key)s,
  sha256(id::text::bytea), CASE WHEN passport THEN 'E******' || lpad((id %% 100)::text, 2, '0') ELSE
    (330100 + person %% 18)::text || '********' || lpad(sequence::text, 3, '0') || (id %% 10)::text END,
  '2020-01-01', '2040-01-01', false, '西湖区公安局', timestamptz '2024-05-06 10:00+08'
FROM (
  SELECT id, id %% 50 = 0 AND id %% 100 = 0 AS passport, CASE WHEN id %% 50 = 0 THEN id - 10 ELSE id END AS person,
    CASE WHEN id %% 50 = 0 THEN ((id - 10) * 7919 + 10) %% 1000 ELSE (id * 7919) %% 1000 END AS sequence
  FROM customers_customer) p
"""
FLOOR = """
SELECT count(*), sum(length(c.name) + length(c.mobile) + length(c.address)), max(c.birth_date),
  sum(length(d.number_masked)), max(d.document_type)
FROM customers_customer c JOIN customers_identitydocument d ON d.customer_id = c.id AND d.role = 'primary'
WHERE c.legal_entity_id = %(entity)s AND c.status IN ('active', 'suspended')
"""


def run(customers: int) -> None:
    teller = Staff.objects.select_related("legal_entity").get(username="teller")
    fill(customers, teller)
    rounds = [one_round(teller) for _ in range(ROUNDS)]
    report(customers, rounds)


def fill(count: int, teller: Staff) -> None:
    started, sealed = time.monotonic(), seal("E12345678")
    values = {"entity": teller.legal_entity_id, "branch": teller.branch.pk, "teller": teller.pk, "count": count}
    values |= {"passport": sealed.ciphertext, "key": sealed.key_id}
    with unguarded() as cursor:
        for statement in (CUSTOMERS, TWINS, DOCUMENTS):
            cursor.execute(statement, values)
    analyse()
    print(f"bank of {count:,} customers filled: {time.monotonic() - started:.0f} s")


def one_round(teller: Staff) -> dict[str, float]:
    """Floor and search in turn; from the second round on the pairs are there already."""
    floor = timed(lambda: read_everybody(teller))
    search = new_search(teller.legal_entity)
    with Memory() as memory:
        took = timed(lambda: run_search(search.pk))
    search.refresh_from_db()
    if search.status != "succeeded":
        raise RuntimeError(search.status)
    return {"floor": floor, "search": took, "server": memory.most, "pairs": search.pairs, "new": search.new_pairs}


def read_everybody(teller: Staff) -> None:
    connection = scratch.connect()
    with connection, connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 2; SET jit = off; SET work_mem = '48MB'")
        cursor.execute(FLOOR, {"entity": teller.legal_entity_id})
    connection.close()


def timed(act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


class Memory(threading.Thread):
    """The most that the job's session and its parallel workers held of their own, in MB; 0 where it cannot be seen."""

    def __init__(self):
        super().__init__(daemon=True)
        self.most, self.ended = 0.0, threading.Event()
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.session = cursor.fetchone()[0]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join()

    def run(self):
        connection = scratch.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not self.ended.wait(EVERY):
                query = "SELECT pid FROM pg_stat_activity WHERE pid = %(pid)s OR leader_pid = %(pid)s"
                cursor.execute(query, {"pid": self.session})
                self.most = max(self.most, sum(own_memory(pid) for (pid,) in cursor.fetchall()))
        connection.close()


def own_memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    found = next((line for line in lines if line.startswith("RssAnon:")), "RssAnon: 0 kB")
    return int(found.split()[1]) / 1024


def report(customers: int, rounds: list[dict[str, float]]) -> None:
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        [
            place + 1,
            f"{each['floor']:.2f}",
            f"{each['search']:.2f}",
            f"{each['search'] / each['floor']:.1f}",
            f"{each['pairs']:,}",
            f"{each['new']:,}",
            f"{each['server']:.0f}",
        ]
        for place, each in enumerate(rounds)
    ]
    heads = ["round", "floor s", "search s", f"ratio (goal {GOAL})", "pairs", "new", "MB of the server's sessions"]
    table(f"Likely duplicates among {customers:,} customers, {os.cpu_count()} cores", heads, rows)
    ratio = median(each["search"] / each["floor"] for each in rounds)
    server = max(each["server"] for each in rounds)
    print(f"  median ratio {ratio:.1f}; peak memory: process {ours:.0f} MB + sessions {server:.0f} MB (goal {MOST_MB})")
    print(f"  open pairs kept: {DuplicatePair.objects.filter(status='open').count():,}")
