"""A night as the command line runs it, from lines to report, and a bank's customers without their opening."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from functools import partial

from customers.models import Customer
from tellerdesk.files.rejects import read_rejects
from tellerdesk.staff.models import LegalEntity
from tests.factories import make_branch, make_staff
from tiering.jobs.night import say_nothing
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun, SnapshotLine

HEADER = "customer_number,aum"
BORN = date(1985, 3, 12)


def run_lines(
    entity: LegalEntity,
    as_of: date,
    lines: Iterable[str] | bytes,
    *,
    header: str = HEADER,
    dry_run: bool = False,
    look_on=say_nothing,
) -> NightlyRun:
    """The run when it is over. `lines` go below the header; bytes are a whole file."""
    data = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in [header, *lines]).encode()
    run = NightlyRun.objects.create(
        legal_entity=entity, as_of=as_of, file_name="snapshot.csv", file_size=len(data), dry_run=dry_run
    )
    return run_night(run.pk, source=partial(io.BytesIO, data), progress=look_on)


def rejects_of(run: NightlyRun) -> list[tuple[int, str]]:
    """Line and code, in the order of the file."""
    return [(int(row[-3]), row[-2]) for row in reject_rows(run)[1:]]


def reject_rows(run: NightlyRun) -> list[list[str]]:
    """With the header; none where nothing was rejected."""
    if not run.rejects_stored:
        return []
    text = b"".join(read_rejects(run.rejects_stored)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def lines_of(entity: LegalEntity, as_of: date) -> dict[str, SnapshotLine]:
    """The lines of a day by customer number."""
    lines = {line.customer_id: line for line in SnapshotLine.objects.filter(legal_entity_id=entity.pk, as_of=as_of)}
    numbers = dict(Customer.objects.filter(pk__in=lines).values_list("pk", "customer_number"))
    return {numbers[pk]: line for pk, line in lines.items()}


def aums_of(entity: LegalEntity, as_of: date) -> dict[str, int]:
    return {number: line.aum for number, line in lines_of(entity, as_of).items()}


def make_customers(*numbers: str, entity: LegalEntity | None = None, born: Iterable[date] = ()) -> list[str]:
    """In branch 001 of the entity, born in 1985 where nothing else is said."""
    branch = make_branch(entity=entity)
    teller = make_staff(branch=branch)
    days = list(born) or [BORN] * len(numbers)
    Customer.objects.bulk_create(
        Customer(
            legal_entity=branch.legal_entity,
            customer_number=number,
            status="active",
            verification="migrated",
            name="顾青禾",
            sex="female",
            birth_date=day,
            occupation="clerical",
            address="x",
            mobile="13900000128",
            opening_branch=branch,
            home_branch=branch,
            opened_by=teller,
        )
        for number, day in zip(numbers, days, strict=True)
    )
    return list(numbers)
