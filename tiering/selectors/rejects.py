"""The first rejected lines of a run, to be shown by code; the whole list is a download."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tellerdesk.core.masking import mask_number
from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.rejects import OURS, read_rejects
from tiering.models import NightlyRun
from tiering.reject_messages import OF_A_COLUMN, SENTENCES, reject_message
from tiering.selectors.runs import error_message

SHOWN = 5  # lines of each code
MOST_READ = 20_000  # lines looked at: a million bad ones must not hold up a page
NUMBER_COLUMNS = ("customer_number", "客户号")
# Ours have 14 digits; what is as long as an identity number may be one that slipped into the column.
LONGEST_SHOWN = 14


@dataclass(frozen=True)
class RejectedLine:
    """`message` in the language of who sent the file, where it says more than the group's: which column."""

    line: int
    customer_number: str
    message: str


@dataclass(frozen=True)
class RejectedGroup:
    """`count` lines were rejected with `code`, in the reader's words `message`; `lines` are the first of them."""

    code: str
    count: int
    message: str
    lines: list[RejectedLine]


def rejects_name(run: NightlyRun) -> str:
    return f"rejects-{run.as_of:%Y%m%d}-{run.pk}.csv"


def rejected_groups(run: NightlyRun) -> list[RejectedGroup]:
    """The most frequent code first. Without lines where the file of rejects is no longer kept."""
    found = _first_lines(run, wanted=len(run.rejects_by_code)) if run.rejects_stored else {}
    by_count = sorted(run.rejects_by_code.items(), key=lambda each: -each[1])
    return [_group(code, count, found.get(code, [])) for code, count in by_count]


def _group(code: str, count: int, lines: list[RejectedLine]) -> RejectedGroup:
    return RejectedGroup(code, count, reject_message(code) if code in SENTENCES else error_message(code, {}), lines)


def _first_lines(run: NightlyRun, *, wanted: int) -> dict[str, list[RejectedLine]]:
    found = defaultdict(list)
    try:
        for number, (code, line) in enumerate(_lines(run)):
            if len(found[code]) < SHOWN:
                found[code].append(line)
            if number > MOST_READ or (len(found) == wanted and all(len(each) == SHOWN for each in found.values())):
                break
    except StoredFileBroken:
        return {}
    return found


def _lines(run: NightlyRun) -> Iterator[tuple[str, RejectedLine]]:
    rows = csv.reader(_text(read_rejects(run.rejects_stored)))
    header = next(rows, [])
    number = next((place for place, cell in enumerate(header) if _names_number(cell)), None)
    for row in rows:
        line, code, message = row[-len(OURS) :]
        sent = row[number] if number is not None else ""
        yield code, RejectedLine(int(line), _shown(sent), message if code in OF_A_COLUMN else "")


def _text(chunks: Iterator[bytes]) -> Iterator[str]:
    """Lines, their ends kept, whatever the chunks cut through."""
    rest = b""
    for chunk in chunks:
        whole, newline, rest_of_chunk = (rest + chunk).rpartition(b"\n")
        rest = rest_of_chunk
        yield from io.StringIO((whole + newline).decode("utf-8-sig", "replace"), newline="")
    if rest:
        yield rest.decode("utf-8-sig", "replace")


def _names_number(cell: str) -> bool:
    return any(name in cell.strip().lower().split() for name in NUMBER_COLUMNS)


def _shown(sent: str) -> str:
    text = sent.strip().removeprefix("'")
    return text if len(text) <= LONGEST_SHOWN else mask_number(text[:20])
