"""The night's bank after three nights, the ends of a quarter and of a month and a day: filled once for whoever asks."""

from datetime import date

from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_delta, night_filling
from tellerdesk.staff.models import LegalEntity
from tiering.jobs.partitions import KNOWN, entity_table, make_entity_table

DAYS = (night_filling.FIRST_DAY, date(2026, 10, 31), date(2026, 11, 23))
ATTACHED = "SELECT FROM pg_inherits WHERE inhrelid = %s::regclass"


def after_nights(customers: int) -> int:
    """Its legal entity, filled and through its nights where no benchmark has been before."""
    bank = LegalEntity.objects.filter(code=night_filling.ENTITY).first()
    if bank:
        return bank.pk
    entity = night_filling.fill(customers)
    run_nights(entity)
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return entity


def run_nights(entity: int) -> None:
    first, *further = (night_delta.night_of(entity, day) for day in DAYS)
    night_delta.one_night(first, SQL(night_delta.FIRST_DAY), entity=Literal(entity))
    before = first
    for place, night in enumerate(further):
        seed = Literal(1000 + 2 * place)
        night_delta.one_night(night, SQL(night_delta.NEXT_DAY), seed=seed, before=Identifier(before.table))
        before = night


def attach(night) -> None:
    """The day's lines as the load leaves them: a partition, read through its parent."""
    with night_filling.settled() as cursor:
        cursor.execute(ATTACHED, [night.table])
        if cursor.fetchone() is not None:
            return
        make_entity_table(cursor, night.legal_entity_id)
        name = Identifier(night.table)
        for column in ("customer_id", "legal_entity_id", "as_of"):
            cursor.execute(SQL("ALTER TABLE {} ALTER {} SET NOT NULL").format(name, Identifier(column)))
        cursor.execute(SQL("ALTER TABLE {} {}").format(name, KNOWN))
        parent = Identifier(entity_table(night.legal_entity_id))
        text = SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})")
        cursor.execute(text.format(parent, name, Literal(night.as_of.isoformat())))
        cursor.execute(SQL("VACUUM (ANALYZE) {}").format(name))
