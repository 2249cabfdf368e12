"""The header of a file: columns by their English or Chinese name, in any order; what nobody knows is ignored."""

from collections.abc import Sequence
from dataclasses import dataclass

from tellerdesk.files.errors import MOST_COLUMNS, FileRefused


@dataclass(frozen=True)
class Column:
    """`name` is the canonical one, used in code and in an English header; `chinese` that of a Chinese header."""

    name: str
    chinese: str
    required: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """As they stand in headers; both together is what our own templates and rejects say."""
        return self.name, self.chinese, f"{self.name} {self.chinese}", f"{self.chinese} {self.name}"


def known(header: Sequence[str], columns: Sequence[Column]) -> int:
    """How many cells of the header name a column."""
    names = _by_spelling(columns)
    return sum(_plain(cell) in names for cell in header)


def layout(header: Sequence[str], columns: Sequence[Column]) -> list[str | None]:
    """Canonical names by position, None for what is ignored.

    Raises FileRefused: not_a_table where no cell is known, too_many_columns, duplicate_column, missing_column.
    """
    names = _by_spelling(columns)
    found = [names.get(_plain(cell)) for cell in header]
    if not any(found):
        raise FileRefused("not_a_table", line=1)
    if len(header) > MOST_COLUMNS:
        raise FileRefused("too_many_columns", line=1)
    _check_once(found)
    _check_required(found, columns)
    return found


def _check_once(found: list[str | None]) -> None:
    for name in found:
        if name and found.count(name) > 1:
            raise FileRefused("duplicate_column", column=name, line=1)


def _check_required(found: list[str | None], columns: Sequence[Column]) -> None:
    for column in columns:
        if column.required and column.name not in found:
            raise FileRefused("missing_column", column=f"{column.name} {column.chinese}", line=1)


def _by_spelling(columns: Sequence[Column]) -> dict[str, str]:
    return {_plain(spelling): column.name for column in columns for spelling in column.spellings}


def _plain(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split()).lower()
