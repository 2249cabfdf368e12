"""疑似重复 of one legal entity: SQL finds who shares a block, the rule decides on each pair, all in one transaction.

No number is written anywhere on the way: hashes stand in temporary tables that go with the transaction, and numbers of
passports are unsealed pair by pair in this process. Safe to run again after any end: nothing of a broken search stays.
"""

import json
from collections.abc import Iterator
from io import StringIO
from secrets import randbelow

from django.db import connections, transaction
from django.utils import timezone
from psycopg2.sql import SQL

from customers.jobs import duplicate_sql as statements
from customers.models import DuplicateSearch
from customers.rules.duplicates import Person, body_parts, grounds, strength
from tellerdesk.audit.bulk import Records, record_many
from tellerdesk.audit.services import record
from tellerdesk.core.database_roles import OWNER
from tellerdesk.files.runs import Progress, RunStatus
from tellerdesk.files.turns import alone
from tellerdesk.staff.system import System
from tellerdesk.vault.services import unseal

LOCK_SPACE = 7_310_021
CHUNK = 2_000
FACTS = 10  # columns of one person


def run_search(search_id: int) -> None:
    """Nothing where the search is over, or another one of the legal entity is at work: that one finds the same."""
    search = DuplicateSearch.objects.using(OWNER).select_related("legal_entity", "started_by").get(pk=search_id)
    with alone(LOCK_SPACE, search.legal_entity_id) as ours:
        if ours and search.status in (RunStatus.QUEUED, RunStatus.RUNNING):
            in_turn(search)


def in_turn(search: DuplicateSearch) -> None:
    by = search.started_by or System(search.legal_entity)
    update(search, status=RunStatus.RUNNING, heartbeat_at=timezone.now())
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            counts = searched(cursor, search, Progress(search))
            written = [Records("customers.duplicatepair", SQL(statements.WRITTEN))]
            record_many("customers.duplicates_found", subject=search, records=written, by=by, detail=counts)
            names = {"customers": "customers", "pairs": "pairs", "new": "new_pairs", "crowded": "crowded"}
            columns = {column: counts[name] for name, column in names.items()}
            end(search, RunStatus.SUCCEEDED, progress=100, **columns)
    except BaseException:
        with transaction.atomic(using=OWNER):
            end(search, RunStatus.FAILED)
            record("customers.duplicates_failed", subject=search, by=by, using=OWNER)
        raise


def end(search: DuplicateSearch, status: str, **columns) -> None:
    update(search, status=status, step="", finished_at=timezone.now(), **columns)


def update(search: DuplicateSearch, **columns) -> None:
    DuplicateSearch.objects.using(OWNER).filter(pk=search.pk).update(**columns)


def searched(cursor, search: DuplicateSearch, progress: Progress) -> dict[str, int]:
    """How many customers were read, pairs found, new, gone, and names passed over for the nearness of birth dates."""
    values = {"entity": search.legal_entity_id, "salt": randbelow(2**62), "now": timezone.now()}
    cursor.execute(statements.SETTINGS)
    progress.tell("reading", 0, 1)
    customers = keep(cursor, "dup_person", statements.PEOPLE, values)
    progress.tell("names", 35, 100)
    keep(cursor, "dup_name", statements.NAMES)
    keep(cursor, "dup_key", statements.KEYS_OF_COMMON)
    progress.tell("pairs", 50, 100)
    parts = [statements.OF_RARE_NAMES, statements.OF_COMMON_NAMES, statements.OF_MOBILES, statements.OF_PAPERS]
    for place, part in enumerate(parts):
        keep(cursor, f"dup_part{place}", part)
        progress.tell("pairs", 60 + 5 * place, 100)
    union = " UNION ALL ".join(f"SELECT first, second FROM dup_part{place}" for place in range(len(parts)))
    keep(cursor, "dup_pair", statements.PAIRS.format(parts=union))
    progress.tell("rules", 80, 100)
    cursor.execute(statements.TABLES)
    pairs = judge(cursor, values)
    progress.tell("writing", 95, 100)
    return {"customers": customers, "pairs": pairs, "crowded": counted(cursor), **written(cursor, values)}


def keep(cursor, name: str, query: str, values: dict | None = None) -> int:
    """The rows of `query` for the length of the transaction; how many."""
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", values)
    found = cursor.rowcount
    cursor.execute(f"ANALYZE pg_temp.{name}")
    return found


def counted(cursor) -> int:
    cursor.execute(statements.CROWDED)
    return cursor.fetchone()[0]


def judge(cursor, values: dict) -> int:
    """Every pair by the rule, some thousand at a time."""
    found = 0
    for rows in chunks(values):
        lines = StringIO()
        for row in rows:
            one, other, common_name = person(row[:FACTS]), person(row[FACTS : 2 * FACTS]), row[-1]
            codes = grounds(one, other, common_name=common_name)
            if codes:
                found += 1
                lines.write(f"{one.pk}\t{other.pk}\t{json.dumps(codes)}\t{strength(codes)}\n")
        lines.seek(0)
        cursor.copy_expert("COPY dup_found FROM STDIN", lines)
    cursor.execute("ANALYZE pg_temp.dup_found")
    return found


def chunks(values: dict) -> Iterator[list[tuple]]:
    """By a cursor of the server, in the same transaction."""
    with connections[OWNER].connection.cursor("likely_duplicates") as rows:
        rows.execute(statements.BOTH, values)
        while chunk := rows.fetchmany(CHUNK):
            yield chunk


def person(row: tuple) -> Person:
    pk, name, sex, birth_date, document_type, mobile, address, masked, key, ciphertext = row
    region, sequence = body_parts(document_type, masked)
    number = unseal(ciphertext, key) if ciphertext is not None else ""
    return Person(pk, name, sex, birth_date, document_type, mobile, address, region, sequence, number)


def written(cursor, values: dict) -> dict[str, int]:
    """What a person has dismissed stays dismissed; pairs that nothing speaks for any more go."""
    cursor.execute(statements.LOCK_PAIRS, values)
    cursor.execute(statements.SEE_AGAIN, values)
    cursor.execute(statements.ADD, values)
    new = cursor.rowcount
    cursor.execute(statements.REOPEN, values)
    cursor.execute(statements.LET_GO, values)
    return {"new": new, "gone": cursor.rowcount}
