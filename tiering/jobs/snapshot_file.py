"""A snapshot file opened, and one row of it judged by the rule."""

from collections.abc import Callable
from typing import BinaryIO

from tellerdesk.files.tables import Row, Table
from tiering.models import ProductCategory
from tiering.rules.snapshot_line import Line, parse_line
from tiering.snapshot_columns import COLUMNS


def open_snapshot(source: Callable[[], BinaryIO]) -> Table:
    """Raises FileRefused."""
    return Table.open(source, COLUMNS)


def category_bits(policy_id: int) -> dict[str, int]:
    """Bits by code and by name, in small letters, as rules.snapshot_line wants them."""
    rows = ProductCategory.objects.filter(policy=policy_id).values_list("code", "name", "bit")
    return {spelling.lower(): bit for *spellings, bit in rows for spelling in spellings}


def judge(row: Row, categories: dict[str, int]) -> Line | str:
    """The facts of a line, or the code of its fault."""
    return row.problem or parse_line(row.cells, categories)
