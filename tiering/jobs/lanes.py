"""A lane: one connection that copies blocks into its staging table; what COPY refuses is judged line by line."""

from collections.abc import Iterable
from io import BytesIO, StringIO

import psycopg2
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tellerdesk.files.blocks import Block
from tellerdesk.files.tables import Row, Table
from tiering.jobs.plain_blocks import is_plain, pieces
from tiering.jobs.snapshot_file import judge
from tiering.jobs.staging import CARRIED, Staging
from tiering.rules.money import yuan
from tiering.rules.snapshot_line import ADMISSIONS, Line

SENT_AT_ONCE = 1024 * 1024  # bytes handed to COPY


class Lane:
    """`connection` is psycopg2's own, in no transaction; `staged` counts the lines that stand in the table."""

    def __init__(self, connection, staging: Staging, number: int, table: Table, categories: dict[str, int]):
        self.connection = connection
        self.staging = staging
        self.table = table
        self.categories = categories
        self.name = staging.table(number)
        self.sequence = staging.name(f"{number}_line")
        self.copy = _copy(connection, self.name, staging.columns, table.delimiter)
        self.staged = 0

    def take(self, block: Block) -> None:
        if not self._copied(block):
            for piece in pieces(block, self.table.delimiter):
                if not self._copied(piece):
                    self._judge(self.table.rows(piece))

    def _copied(self, block: Block) -> bool:
        return is_plain(block, self.table.delimiter) and self._copy(block)

    def _copy(self, block: Block) -> bool:
        """False, and nothing of it is there, where the server refuses a line or read other lines than stand there."""
        lines = block.data.count(b"\n")
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT setval(%s, %s, false)", [self.sequence, block.first_line])
            try:
                cursor.copy_expert(self.copy, BytesIO(block.data), SENT_AT_ONCE)
            except psycopg2.DataError:
                self.connection.rollback()
                return False
            if cursor.rowcount != lines:
                self.connection.rollback()
                return False
        self.connection.commit()
        self.staged += lines
        return True

    def _judge(self, rows: Iterable[Row]) -> None:
        with self.connection.cursor() as cursor:
            self.staged += judge_into(cursor, self.staging, self.name, rows, self.categories)
        self.connection.commit()


def judge_into(cursor, staging: Staging, lane: Composable, rows: Iterable[Row], categories: dict[str, int]) -> int:
    """Valid lines into the lane, faults into the rejects; how many were valid."""
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
    """As COPY reads them without any doubt."""
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
        cursor.copy_expert(statement.as_string(cursor.connection), text, SENT_AT_ONCE)


def _copy(connection, table: Composable, columns: list[str], delimiter: str) -> str:
    names = SQL(", ").join(map(Identifier, columns))
    text = SQL("COPY {table} ({names}) FROM STDIN (FORMAT csv, DELIMITER {delimiter}, FORCE_NULL ({names}))")
    return text.format(table=table, names=names, delimiter=Literal(delimiter)).as_string(connection)
