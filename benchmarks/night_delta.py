"""A day's lines become tiers, owners and sums: what differs from the night before, beside one look at every line.

The bank's first day fills everything; on each of three further days 8 % of the customers have another AUM. Every
figure of a day is taken inside the night's transaction, as the night itself works. Lines are made from the day before
by SQL, not loaded from a file.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from statistics import median

from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_filling, scratch
from benchmarks.figures import ROUNDS, table
from tiering.jobs import assign_tiers as tiers
from tiering.jobs import planning
from tiering.jobs.assign_owners import assign_owners
from tiering.jobs.differences import list_differences
from tiering.jobs.night import Night
from tiering.jobs.summarise import summarise
from tiering.jobs.temporary import CHEAP_WORKERS
from tiering.jobs.tier_sql import tier_and_reasons
from tiering.selectors.policies import policy_in_force, policy_row

GOAL = 2
LOOKS = 5  # at the day's table, for the floor
FIRST_DAY = """
SELECT id AS customer_id, legal_entity_id, home_branch_id AS branch_id,
  (100 * round(least(5000 * exp(2 * bench_normal(id, 1)), 9e10)::numeric, 2))::bigint AS aum,
  (100 * bench_money(id, 11, 0.3, 8000))::bigint AS card_spend_year,
  (100 * bench_money(id, 21, 0.1, 200000))::bigint AS personal_loan_balance,
  (100 * bench_money(id, 31, 0.03, 5000))::bigint AS custody_margin, {day}::date AS as_of, birth_date, 5 AS categories,
  (CASE WHEN bench_share(id, 41) < 0.02 THEN 2 WHEN bench_share(id, 41) < 0.3 THEN 1 ELSE 0 END)::smallint
    AS card_level,
  ((bench_share(id, 42) < 0.0005)::int * 32 + (bench_share(id, 43) < 0.002)::int * 64)::smallint AS admission
FROM customers_customer WHERE legal_entity_id = {entity}
"""
NEXT_DAY = """
SELECT customer_id, legal_entity_id, branch_id, CASE WHEN bench_share(customer_id, {seed}) < 0.08
    THEN round(aum * exp(0.3 * bench_normal(customer_id, {seed} + 1)))::bigint ELSE aum END AS aum,
  nullif(card_spend_year, 0) AS card_spend_year, nullif(personal_loan_balance, 0) AS personal_loan_balance,
  nullif(custody_margin, 0) AS custody_margin, {day}::date AS as_of, birth_date, categories, card_level, admission
FROM {before}
"""
FLOOR = "SELECT count(*), sum(aum), avg(aum) FROM {}"
# What no delta can do without that finds what differs by comparing: both sides once, and who has changed counted.
BARE = """
SELECT count(*) FROM (SELECT customer_id, aum, tier FROM {} WHERE tier > 0) line
FULL JOIN (SELECT customer_id, aum, tier FROM tiering_tierassignment WHERE legal_entity_id = %s) standing
  USING (customer_id)
WHERE (line.aum, line.tier) IS DISTINCT FROM (standing.aum, standing.tier)
"""
REWRITTEN = """
SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'tiering_tierassignment'
"""


class Clock:
    """Seconds by name, of the day that is running."""

    def __init__(self):
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, name: str):
        started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started


def run(customers: int) -> None:
    entity = night_filling.fill(customers)
    first = night_of(entity, night_filling.FIRST_DAY)
    filled = one_night(first, SQL(FIRST_DAY), entity=Literal(entity))
    settle()
    days, before = [], first
    for number in range(1, ROUNDS + 1):
        night = night_of(entity, night_filling.FIRST_DAY + timedelta(days=number))
        days.append(one_night(night, SQL(NEXT_DAY), seed=Literal(1000 + 2 * number), before=Identifier(before.table)))
        before = night
        settle()
    report(customers, filled, days)


def night_of(entity: int, day: date) -> Night:
    policy = policy_in_force(entity, day)
    return Night(1, entity, day, policy, policy_row(entity, day).pk, f"bench_day_{day:%Y%m%d}", True, day)


def one_night(night: Night, lines: SQL, **parts) -> dict[str, float]:
    clock, connection = Clock(), scratch.connect()
    with connection, connection.cursor() as cursor:
        planning.prepare(cursor)
        make_day(cursor, night, lines.format(day=Literal(night.as_of.isoformat()), **parts))
        clock.seconds["floor"] = median(timed(lambda: look(cursor, night)) for _ in range(LOOKS))
        clock.seconds["bare"] = median(timed(lambda: compare(cursor, night)) for _ in range(LOOKS))
        with clock.on("list"):
            list_differences(cursor, night)
        with clock.on("settle"):
            found = tiers.settle(cursor, night)
        with clock.on("move"):
            tiers.move(cursor, night, found)
        with clock.on("refresh"):
            tiers.refresh(cursor, night, found)
        written, kept = rewritten(cursor)
        with clock.on("owners"):
            owners = assign_owners(cursor, night)
        with clock.on("summary"):
            summarise(cursor, night)
        mark(cursor, night)
        started = time.perf_counter()
    clock.seconds["commit"] = time.perf_counter() - started
    connection.close()
    print(f"{night.as_of}: {found}, rewritten {written} ({kept} in their page), {owners}")
    return clock.seconds


def make_day(cursor, night: Night, lines) -> None:
    name = Identifier(night.table)
    tier, reasons = tier_and_reasons(night.policy, night.as_of)
    text = SQL("CREATE TABLE {} AS SELECT *, {} AS tier, {} AS reasons FROM ({}) line")
    cursor.execute(text.format(name, tier, reasons, lines))
    cursor.execute(SQL("ALTER TABLE {} ADD PRIMARY KEY (customer_id)").format(name))
    cursor.execute(SQL("ANALYZE {}").format(name))


def look(cursor, night: Night) -> None:
    cursor.execute(SQL(FLOOR).format(Identifier(night.table)))


def compare(cursor, night: Night) -> None:
    cursor.execute(CHEAP_WORKERS)
    cursor.execute(SQL(BARE).format(Identifier(night.table)), [night.legal_entity_id])


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def rewritten(cursor) -> tuple[int, int]:
    cursor.execute(REWRITTEN)
    return cursor.fetchone()


def mark(cursor, night: Night) -> None:
    cursor.execute(
        "INSERT INTO tiering_snapshotday (legal_entity_id, as_of, table_name, policy_id, lines, moved_standing)"
        " VALUES (%s, %s, %s, %s, 0, true)",
        [night.legal_entity_id, night.as_of, night.table, night.policy_id],
    )


def settle() -> None:
    """As autovacuum would before the next night."""
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE) tiering_tierassignment, tiering_ownerassignment, tiering_tiermove")
        cursor.execute("CHECKPOINT")


STEPS = {
    "bare comparison with the standing rows": ("bare",),
    "list of who differs (the last act of the load)": ("list",),
    "tier delta: from the list to moves and history": ("settle", "move"),
    "money of those who keep the tier": ("refresh",),
    "list, delta and money": ("list", "settle", "move", "refresh"),
    "owners": ("owners",),
    "summary and limits": ("summary",),
    "commit": ("commit",),
}


def report(customers: int, filled: dict[str, float], days: list[dict[str, float]]) -> None:
    rows = [["one look at every line (floor)", *_figures(filled, days, ("floor",))]]
    rows += [[name, *_figures(filled, days, steps)] for name, steps in STEPS.items()]
    title = f"A night after the load, {customers:,} customers, medians of {ROUNDS} days with 8 % changed AUM"
    table(title, ["", "first day s", "a day s", f"ratio (goal {GOAL} for the delta)"], rows)


def _figures(filled: dict[str, float], days: list[dict[str, float]], steps: tuple[str, ...]) -> list[str]:
    """Seconds of the first day and of a usual one, and how many floors the usual one is."""
    took = [sum(day[step] for step in steps) for day in days]
    floors = median(seconds / day["floor"] for seconds, day in zip(took, days, strict=True))
    return [f"{sum(filled[step] for step in steps):.3f}", f"{median(took):.3f}", f"{floors:.1f}"]
