"""A day with standing tiers and owners under real tables, in a transaction that is rolled back."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date

from psycopg2.extras import execute_values
from psycopg2.sql import SQL, Identifier

from tests.tiering.jobs.days import COLUMNS, ENTITY
from tests.tiering.rules.generated import Person
from tiering.enums import Reason, Tier
from tiering.jobs.partitions import make_entity_table
from tiering.rules import what_if
from tiering.rules.evaluation import Facts

ADMISSIONS = int(Reason.ADMISSION_PRIVATE_WEALTH | Reason.ADMISSION_WEALTH_MANAGEMENT)
FACTS = "aum, card_spend_year, personal_loan_balance, custody_margin, card_level, tier, reasons"

LINE = f"customer_id, legal_entity_id, as_of, categories, tier, reasons, {COLUMNS}"
STANDING = f"customer_id, legal_entity_id, branch_id, since, policy_version, {FACTS}"
OWNER = "legal_entity_id, customer_id, owner_id, position, is_primary, since, reason, note, end_reason, recorded_at"


@dataclass(frozen=True)
class Somebody:
    """`person` is the day's line; without a line (`absent`) the standing row repeats it. Owners by position."""

    person: Person
    standing: Tier
    positions: tuple[str, ...] = ()
    absent: bool = False
    gone: bool = False

    def facts(self, day: date) -> Facts:
        return self.person.facts(day)

    def counts(self) -> bool:
        return not self.gone and (not self.absent or self.standing > Tier.OUT_OF_SCOPE)

    def tried(self, day: date) -> what_if.Person:
        return what_if.Person(self.person.branch, self.standing, self.facts(day), self.positions)


def fill(cursor, day: date, base: Mapping[int, Somebody]) -> None:
    cursor.execute("DELETE FROM tiering_whatifbasis")
    make_entity_table(cursor, ENTITY)
    table = Identifier(f"tiering_snapshotline_e{ENTITY}")
    name = Identifier(f"trial_{day:%Y%m%d}")
    cursor.execute(SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES IN (%s)").format(name, table), [day])
    lines = [(n, ENTITY, day, 0, 0, 0, *_plain(each.person)) for n, each in base.items() if not each.absent]
    _insert(
        cursor,
        "tiering_snapshotline",
        LINE,
        lines,
    )
    standing = [(n, ENTITY, each.person.branch, day, 1, *_figures(each)) for n, each in base.items() if each.standing]
    _insert(
        cursor,
        "tiering_tierassignment",
        STANDING,
        standing,
    )
    owners = [
        (ENTITY, n, place, position, place == 0, day, "dealt", "", "", "2026-01-01")
        for n, each in base.items()
        for place, position in enumerate(each.positions)
    ]
    columns = (
        "legal_entity_id, customer_id, owner_id, position, is_primary, since, reason, note, end_reason, recorded_at"
    )
    _insert(cursor, "tiering_ownerassignment", columns, owners)


def _figures(each: Somebody) -> tuple:
    line = each.person
    amounts = (line.card_spend_year or 0, line.personal_loan_balance or 0, line.custody_margin or 0)
    return (line.aum, *amounts, int(line.card_level), int(each.standing), line.admission & ADMISSIONS)


def _plain(person: Person) -> tuple:
    return tuple(int(value) if isinstance(value, int) else value for value in astuple(person))


def _insert(cursor, table: str, columns: str, rows: list[tuple]) -> None:
    if rows:
        execute_values(cursor.cursor, f"INSERT INTO {table} ({columns}) VALUES %s", rows)
