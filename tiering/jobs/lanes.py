"""A lane: one connection that copies blocks into its staging table; what COPY refuses is judged by the rule."""

import re
from collections.abc import Iterable
from io import BytesIO

import psycopg2
from psycopg2.sql import SQL, Composable, Identifier, Literal

from tellerdesk.files.blocks import Block
from tellerdesk.files.tables import Row, Table
from tiering.jobs.judged_lines import judge_into
from tiering.jobs.plain_blocks import first_bytes, first_lines, is_plain, pieces
from tiering.jobs.staging import Staging

SENT_AT_ONCE = 1024 * 1024  # bytes handed to COPY
# A refusal costs as much as judging some lines: where the next bad line is that near, more are judged at once.
NEAR = 64
# Bytes that are tried behind a refusal, twice as many after each that goes in: a refusal throws away all that was sent.
NEXT = 64 * 1024


class Lane:
    """`connection` is psycopg2's own, in no transaction; `staged` counts the lines that stand in the table."""

    def __init__(self, connection, staging: Staging, number: int, table: Table, categories: dict[str, int]):
        self.connection = connection
        self.staging = staging
        self.table = table
        self.categories = categories
        self.name = staging.table(number)
        self.sequence = staging.sequence(number)
        self.copy = _copy(connection, self.name, staging.columns, table.delimiter)
        self.copy_simply = _copy_simply(connection, self.name, staging.columns, table.delimiter)
        self.place = re.compile(rf"COPY {staging.name(number)}, \D*([0-9]+)")
        self.staged = 0

    def take(self, block: Block) -> None:
        """Twice as many lines are judged at each bad one that follows close upon the last."""
        delimiter = self.table.delimiter
        if is_plain(block, delimiter):
            self._take_plain(block)
            return
        for piece in pieces(block, delimiter):
            if is_plain(piece, delimiter):
                self._take_plain(piece)
            else:
                self._judge(self.table.rows(piece))

    def _take_plain(self, block: Block) -> None:
        judged, size = 1, len(block.data)
        while block.data:
            piece, behind = first_bytes(block, size)
            good = self._copied(piece)
            if good is None:
                block, judged, size = behind, 1, 2 * size
                continue
            judged, size = 2 * judged if good < NEAR else 1, NEXT
            before, block = first_lines(block, good if good >= NEAR else 0)
            if before.data and self._copied(before) is not None:
                self._judge(self.table.rows(before))
            doubtful, block = first_lines(block, judged if good >= NEAR else good + judged)
            self._judge(self.table.rows(doubtful))

    def _copied(self, block: Block) -> int | None:
        """None where all of it went in; else nothing did, and so many lines are good before the first that is not."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT setval(%s, %s, false)", [self.sequence, block.first_line])
            try:
                cursor.copy_expert(self._statement(block.data), BytesIO(block.data), SENT_AT_ONCE)
            except psycopg2.DataError as refusal:
                self.connection.rollback()
                return self._good_before(refusal)
            if cursor.rowcount != block.lines:
                self.connection.rollback()
                return 0
        self.connection.commit()
        self.staged += block.lines
        return None

    def _statement(self, data: bytes) -> str:
        """Without quotes and backslashes, PostgreSQL's own format says the same and is read faster."""
        return self.copy if b'"' in data or b"\\" in data else self.copy_simply

    def _good_before(self, refusal: psycopg2.DataError) -> int:
        """The server tells the line, in whatever language it speaks."""
        place = self.place.search(refusal.diag.context or "")
        return int(place[1]) - 1 if place else 0

    def _judge(self, rows: Iterable[Row]) -> None:
        with self.connection.cursor() as cursor:
            self.staged += judge_into(cursor, self.staging, self.name, rows, self.categories)
        self.connection.commit()


def _copy_simply(connection, table: Composable, columns: list[str], delimiter: str) -> str:
    names = SQL(", ").join(map(Identifier, columns))
    text = SQL("COPY {} ({}) FROM STDIN (FORMAT text, DELIMITER {}, NULL '')")
    return text.format(table, names, Literal(delimiter)).as_string(connection)


def _copy(connection, table: Composable, columns: list[str], delimiter: str) -> str:
    names = SQL(", ").join(map(Identifier, columns))
    text = SQL("COPY {table} ({names}) FROM STDIN (FORMAT csv, DELIMITER {delimiter}, FORCE_NULL ({names}))")
    return text.format(table=table, names=names, delimiter=Literal(delimiter)).as_string(connection)
