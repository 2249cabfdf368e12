"""One chunk into the tables: staged, settled, inserted, sealed and check-pointed in one transaction of the owner."""

import io
from collections import Counter

from django.db import IntegrityError, connections
from psycopg2 import sql

from customers.jobs import import_sql as statements
from customers.jobs.import_reading import Chunk
from customers.jobs.import_rows import Checked
from customers.jobs.import_sessions import Sessions
from customers.models import CustomerImport
from customers.rules.customer_number import customer_number
from customers.rules.import_conflicts import Candidate, settle
from tellerdesk.audit.bulk import Records, record_many
from tellerdesk.core.database_roles import OWNER

# The field a conflict is told at.
CONFLICT_FIELDS = {
    "customer_exists": "document_number",
    "duplicate_line": "document_number",
    "number_taken": "customer_number",
}
ATTEMPTS = 5
LINES_SHOWN = 20  # of each warning


def prepare_staging(run: CustomerImport, given: set[int]) -> None:
    """Tables of this session; what an earlier run left in it goes. `given` are the serials not to issue."""
    ids = (statements.NO_ID, statements.NO_ID) if run.dry_run else (statements.CUSTOMER_ID, statements.DOCUMENT_ID)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL(statements.STAGE).format(customer_id=ids[0], document_id=ids[1]))
        cursor.copy_expert(statements.COPY_GIVEN, io.StringIO("".join(f"{serial}\n" for serial in given)))


def newest_serial() -> int:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statements.NEWEST_SERIAL)
        return cursor.fetchone()[0]


def reserve_serials(run: CustomerImport, count: int) -> list[int]:
    """For the lines without a number; a dry run reserves none."""
    if run.dry_run or not count:
        return []
    with connections[OWNER].cursor() as cursor:
        return reserve(cursor, count)


def reserve(cursor, count: int) -> list[int]:
    """Serials whose numbers the file gives to nobody."""
    found: list[int] = []
    while len(found) < count:
        cursor.execute(statements.RESERVE, [count - len(found)])
        found += [serial for (serial,) in cursor.fetchall()]
    return found


class CheckpointMoved(Exception):
    """The chunk before this one is not in: nothing behind it may be."""


def store(run: CustomerImport, chunk: Chunk, checked: Checked, sessions: Sessions) -> None:
    """Somebody may stand in the chunk before, which is being committed, or be opened at a counter in the same moment.

    Then once more, and they are there.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with sessions.transaction():
                tally = _store(run, chunk, checked)
            break
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    for name, value in tally.items():
        setattr(run, name, value)


def _store(run: CustomerImport, chunk: Chunk, checked: Checked) -> dict:
    rejects = [*((line, f":{problem}") for line, problem in chunk.broken), *checked.rejects]
    with connections[OWNER].cursor() as cursor:
        cursor.copy_expert(statements.COPY, io.BytesIO(checked.copied))
        conflicts = conflicts_of(cursor, run)
        cursor.execute(statements.LEAVE_OUT, [list(conflicts)])
        rejects += conflicts.items()
        copy_rejects(cursor, run, rejects)
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE issued) FROM pg_temp.import_stage")
        accepted, issued = cursor.fetchone()
        tally = tally_of(run, chunk, checked, rejects, accepted, issued)
        if run.dry_run:
            cursor.execute(statements.REMEMBER)
        elif accepted:
            insert(cursor, run)
            record_chunk(run, chunk, accepted, len(rejects))
    own = CustomerImport.objects.using(OWNER).filter(pk=run.pk)
    if own.select_for_update().values_list("last_line", flat=True).get() != run.last_line:
        raise CheckpointMoved
    own.update(**tally)
    return tally


def conflicts_of(cursor, run: CustomerImport) -> dict[int, str]:
    """Problems of the lines that meet a customer, a number or another line."""
    cursor.execute(statements.BY_INDEX)
    met = met_by(cursor, run)
    holders = {each.line: each.holder for each in met}
    return {line: _problem(code, holders[line]) for line, code in settle(met).items()}


def met_by(cursor, run: CustomerImport) -> list[Candidate]:
    """With numbers of ours that nobody has: those taken over from a core system are skipped."""
    while True:
        cursor.execute(statements.CONFLICTS, {"entity": run.legal_entity_id, "opened_at": run.opened_at})
        rows = cursor.fetchall()
        clashing = [row[0] for row in rows if row[-1]]
        if not clashing:
            return [Candidate(*row[:-1]) for row in rows]
        renumber(cursor, clashing)


def renumber(cursor, lines: list[int]) -> None:
    numbers = [customer_number(serial) for serial in reserve(cursor, len(lines))]
    cursor.executemany(statements.RENUMBER, list(zip(numbers, lines, strict=True)))


def _problem(code: str, holder: str) -> str:
    named = f":{holder}" if code == "customer_exists" else ""
    return f"{CONFLICT_FIELDS[code]}:{code}{named}"


def copy_rejects(cursor, run: CustomerImport, rejects: list[tuple[int, str]]) -> None:
    text = "".join(f"{run.pk}\t{line}\t{code_of(problems)}\t{problems}\n" for line, problems in rejects)
    cursor.copy_expert(statements.COPY_REJECTS, io.StringIO(text))


def code_of(problems: str) -> str:
    """Of the first problem, which counts the line."""
    return problems.split(" ")[0].split(":")[1]


def tally_of(run: CustomerImport, chunk: Chunk, checked: Checked, rejects: list, accepted: int, issued: int) -> dict:
    by_code = Counter(run.rejects_by_code) + Counter(code_of(problems) for _line, problems in rejects)
    return {
        "rows": run.rows + chunk.lines,
        "accepted": run.accepted + accepted,
        "changed": run.changed + (0 if run.dry_run else accepted),
        "issued": run.issued + issued,
        "rejected": run.rejected + len(rejects),
        "rejects_by_code": dict(by_code),
        "warnings": _with_warnings(run.warnings, checked.warnings),
        "last_line": chunk.last_line,
    }


def _with_warnings(so_far: dict, found: dict) -> dict:
    """Of lines checked and well-formed; some of them may stay out all the same."""
    together = {code: [count, list(lines)] for code, (count, lines) in so_far.items()}
    for code, (count, lines) in found.items():
        known = together.setdefault(code, [0, []])
        known[0] += count
        known[1] = (known[1] + lines)[:LINES_SHOWN]
    return together


def insert(cursor, run: CustomerImport) -> None:
    values = {"entity": run.legal_entity_id, "staff": run.started_by_id, "opened_at": run.opened_at}
    for statement in (statements.INSERT_CUSTOMERS, statements.INSERT_DOCUMENTS, statements.INSERT_KEYS):
        cursor.execute(statement, values)


def record_chunk(run: CustomerImport, chunk: Chunk, accepted: int, rejected: int) -> None:
    record_many(
        "customers.imported",
        subject=run,
        by=run.started_by,
        records=[
            Records("customers.customer", statements.IDS_OF_CUSTOMERS),
            Records("customers.identitydocument", statements.IDS_OF_DOCUMENTS),
        ],
        detail={"accepted": accepted, "rejected": rejected, "last": chunk.last_line},
    )
