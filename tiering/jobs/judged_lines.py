"""Lines that the rule judges: valid ones into a lane, as COPY reads them without any doubt, faults to the rejects."""

from collections.abc import Iterable
from io import StringIO

from psycopg2.sql import SQL, Composable, Identifier

from tellerdesk.files.tables import Row
from tiering.jobs.snapshot_file import judge
from tiering.jobs.staging import CARRIED, Staging
from tiering.rules.money import yuan
from tiering.rules.snapshot_line import ADMISSIONS, Line


def judge_into(cursor, staging: Staging, lane: Composable, rows: Iterable[Row], categories: dict[str, int]) -> int:
    """How many were valid."""
    codes = {bit: code for code, bit in reversed(categories.items())}
    good, bad, valid = StringIO(), StringIO(), 0
    for row in rows:
        verdict = judge(row, categories)
        if isinstance(verdict, str):
            bad.write(f"{row.line}\t{verdict}\n")
        else:
            good.write(f"{row.line}\t{_cells(verdict, codes)}\n")
            valid += 1
    _send(cursor, lane, CARRIED, good)
    _send(cursor, staging.table("rejects"), ("line", "code"), bad)
    return valid


def _cells(line: Line, codes: dict[int, str]) -> str:
    amounts = (line.aum, line.card_spend_year, line.personal_loan_balance, line.custody_margin)
    flags = ("1" if line.admission & bit else "0" for bit in ADMISSIONS.values())
    held = ";".join(code for bit, code in codes.items() if line.categories >> bit & 1)
    return "\t".join(
        (line.customer_number, *(format(yuan(fen), "f") for fen in amounts), line.card_level.code, *flags, held)
    )


def _send(cursor, table: Composable, columns: tuple[str, ...], text: StringIO) -> None:
    if text.tell():
        text.seek(0)
        names = SQL(", ").join(map(Identifier, columns))
        statement = SQL("COPY {} ({}) FROM STDIN").format(table, names)
        cursor.copy_expert(statement.as_string(cursor.connection), text)
