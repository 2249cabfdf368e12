"""Two quarters of snapshot files for the sample customers, loaded by the night itself."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from random import Random

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from customers.enums import CustomerStatus
from customers.models import Customer
from tellerdesk.core.ages import age_on
from tellerdesk.core.business_date import today
from tellerdesk.demo.snapshot_days import snapshot_days
from tellerdesk.demo.snapshot_files import Saver, file_of
from tellerdesk.demo.tasks import sample_night
from tellerdesk.demo.wealth import fortune
from tellerdesk.files.runs import RunStatus
from tellerdesk.files.storage import keep
from tellerdesk.staff.models import LegalEntity, Staff
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun

SEED = "20261124"
SENDER = "headoffice"
UNFINISHED = (RunStatus.QUEUED, RunStatus.RUNNING)
LEFT_OUT = 2  # customers whom the newest file forgets
FLAWED = 3  # the last but two has lines that are wrong


@transaction.atomic
def queue_snapshots(*, progress: Callable[[str], None] = print) -> int:
    """In the transaction that writes the customers: were we killed before `load_snapshots`, the next start goes on."""
    runs = [
        _queue(entity, day, data) for entity in LegalEntity.objects.order_by("pk") for day, data in files_of(entity)
    ]
    progress(f"sample snapshots: {len(runs)} files of {len({run.as_of for run in runs})} days")
    return len(runs)


def load_snapshots(*, progress: Callable[[str], None] = print) -> int:
    """The nights that are not over, in the order of their days, each as of its own: nobody is dealt customers before he
    came. Outside of any transaction: they are the owner's. How many they were.
    """
    waiting = list(waiting_nights().values_list("pk", "as_of"))
    for pk, day in waiting:
        run = run_night(pk, on=day)
        counts = f"{run.accepted} lines, {run.moved_up} up, {run.moved_down} down, {run.assigned} owners dealt"
        progress(f"sample snapshots: {run.legal_entity.code} {run.as_of}: {counts}")
    return len(waiting)


def waiting_nights() -> QuerySet[NightlyRun]:
    """Of the samples alone: what people have sent is loaded by the worker, on the day on which it comes to it."""
    tasks = DBTaskResult.objects.filter(task_path=sample_night.module_path)
    runs = [kept["args"][0] for kept in tasks.values_list("args_kwargs", flat=True)]
    return NightlyRun.objects.filter(pk__in=runs, status__in=UNFINISHED).order_by("pk")


def files_of(entity: LegalEntity) -> Iterator[tuple[date, bytes]]:
    """In the order of the days; each has the customers who had been opened by its evening."""
    savers, days = savers_of(entity), snapshot_days(today())
    newest = days[-1]
    for day in days:
        known = [saver for saver in savers if saver.opened_on <= day]
        shown = known[LEFT_OUT:] if day == newest else known
        if shown:
            yield day, file_of(shown, day, newest=newest, flawed=day == days[-FLAWED], seed=f"{SEED} {entity.code}")


def savers_of(entity: LegalEntity) -> list[Saver]:
    active = Customer.objects.filter(legal_entity=entity, status=CustomerStatus.ACTIVE).order_by("pk")
    rows = active.values_list("customer_number", "birth_date", "opened_at")
    return [_saver(entity, place, *row) for place, row in enumerate(rows.iterator())]


def _saver(entity: LegalEntity, place: int, customer_number: str, born: date, opened_at: datetime) -> Saver:
    chance = Random(f"{SEED} {entity.code} {place}")
    opened_on = timezone.localtime(opened_at).date()
    return Saver(place, customer_number, opened_on, fortune(chance, age=age_on(born, today())))


def _queue(entity: LegalEntity, day: date, data: bytes) -> NightlyRun:
    stored = keep([data])
    run = NightlyRun.objects.create(
        legal_entity=entity,
        started_by=Staff.objects.filter(username=SENDER, legal_entity=entity).first(),
        file_name=f"日终快照_{entity.code}_{day:%Y%m%d}.csv",
        file_size=stored.size,
        file_sha256=stored.sha256,
        stored=stored.name,
        as_of=day,
    )
    sample_night.enqueue(run.pk)
    return run
