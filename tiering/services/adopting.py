"""领养 in its three ways, each ending in the preview of a batch."""

from collections.abc import Callable, Sequence
from typing import BinaryIO

from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.errors import FileRefused
from tellerdesk.files.tables import Row, Table
from tellerdesk.staff.models import Branch, Staff
from tiering.batch_columns import COLUMNS, MOST_LINES
from tiering.enums import BatchKind
from tiering.errors import TooManyLines
from tiering.models import OwnerBatch
from tiering.rules.adoption_lines import Given
from tiering.selectors.spreading import spread_lines
from tiering.services.owner_batches import preview


def adopt_by_hand(*, branch: Branch, customer_numbers: Sequence[str], owner: str, note: str, by: Staff) -> OwnerBatch:
    """Raises FieldErrors, TooManyLines."""
    lines = [Given(place, number, owner) for place, number in enumerate(customer_numbers, 1)]
    return preview(lines, kind=BatchKind.HAND, branch=branch, note=note, by=by)


def adopt_evenly(
    *, branch: Branch, customer_numbers: Sequence[str] | None, tiers, people: Sequence[str], note: str, by: Staff
) -> OwnerBatch:
    """Over `people`, over all who are eligible where none is named; of all unowned of `tiers` where no number is given.

    Raises FieldErrors, TooManyLines.
    """
    lines = spread_lines(branch, customer_numbers, tiers, people)
    return preview(lines, kind=BatchKind.SPREAD, branch=branch, note=note, by=by)


def adopt_by_file(
    *, branch: Branch, file_name: str, source: Callable[[], BinaryIO], note: str, by: Staff
) -> OwnerBatch:
    """Raises FieldErrors for a file that is refused as a whole, TooManyLines."""
    try:
        rows = _rows(source)
    except FileRefused as refusal:
        raise FieldErrors({"file": [(refusal.code, refusal.as_dict()["message"])]}) from refusal
    problems = {row.line: row.problem for row in rows if row.problem}
    lines = [_given(row) for row in rows]
    return preview(lines, kind=BatchKind.FILE, branch=branch, note=note, by=by, file_name=file_name, problems=problems)


def _rows(source: Callable[[], BinaryIO]) -> list[Row]:
    """At most one more than a batch takes, so that a longer file is refused before all of it is held."""
    found: list[Row] = []
    for row in Table.open(source, COLUMNS).rows():
        found.append(row)
        if len(found) > MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
    return found


def _given(row: Row) -> Given:
    """Of a record that cannot be told apart nobody is meant; its text stands where the number would."""
    if row.cells is None:
        return Given(row.line, row.raw, "")
    cells = {name: value.strip() for name, value in row.cells.items()}
    return Given(row.line, cells["customer_number"], cells["owner"], cells.get("primary", ""), cells.get("note", ""))
