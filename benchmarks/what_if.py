"""What a draft would move, over the whole base: from sums and from every line, beside one look at every line.

The night's bank after its nights, as the night leaves it, but for the day's lines, which SQL makes. Both ways must give
the same matrix to the fen, or this fails. Read as the application reads, in the database alone.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from django.db import connection, transaction
from psycopg2.sql import SQL, Literal

from benchmarks import night_bank, night_delta
from benchmarks.figures import ROUNDS, table
from tiering.enums import CardLevel
from tiering.jobs import planning
from tiering.jobs.what_if import affected, movement_by_cells, movement_by_lines
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_cells import count_cells
from tiering.jobs.what_if_lists import Wanted, listing_of, page
from tiering.jobs.what_if_load import branch_figures, loads
from tiering.rules.policy import Band, Policy

GOAL = 100  # milliseconds in the database at 10 million customers, for the matrix
FLOOR = "SELECT count(*), sum(aum), avg(aum) FROM tiering_snapshotline WHERE legal_entity_id = {} AND as_of = {}"
TEN_THOUSAND = 1_000_000  # fen
ROUNDS_OF_FAST = 11


def run(customers: int) -> None:
    night = night_delta.night_of(night_bank.after_nights(customers), night_bank.DAYS[-1])
    night_bank.attach(night)
    started = time.perf_counter()
    basis = count_cells(night.legal_entity_id)
    counted = time.perf_counter() - started
    print(f"{basis.cells:,} sums, made ready in {basis.seconds:.1f} s by the worker ({counted:.1f} s in this run)")
    rows = [row for name, draft in drafts(night.policy).items() for row in measure(name, night, draft, basis)]
    table(f"What if, {customers:,} customers (goal: {GOAL} ms for the matrix)", ["", "ms", "ratio to one look"], rows)


def drafts(policy: Policy) -> dict[str, Policy]:
    highest, wealth, lead, staff = policy.bands
    wider = (replace(highest, floor_inclusive=True), replace(wealth, ceiling_inclusive=False), lead, staff)
    ends = {"floor": 4_812_345, "floor_inclusive": False}
    spend = replace(policy.scope, card_spend_year=6 * TEN_THOUSAND)
    return {
        "200,000 becomes 300,000": begins(policy, 30 * TEN_THOUSAND),
        "200,000 becomes 287,654.32": begins(policy, 28_765_432),
        "50,000 becomes more than 48,123.45": changed(policy, highest, wealth, lead, replace(staff, **ends)),
        "60 becomes 65 years": changed(policy, highest, wealth, lead, replace(staff, max_age=65)),
        "2,000,000 itself goes up": changed(policy, *wider),
        "card spending of 50,000 becomes 60,000": replace(policy, version=2, scope=spend),
        "a standard card suffices": replace(
            policy, version=2, scope=replace(policy.scope, card_level=CardLevel.STANDARD)
        ),
    }


def begins(policy: Policy, amount: int) -> Policy:
    """Wealth management with that amount."""
    highest, wealth, lead, staff = policy.bands
    return changed(policy, highest, replace(wealth, floor=amount), replace(lead, ceiling=amount), staff)


def changed(policy: Policy, *bands: Band) -> Policy:
    return replace(policy, version=2, bands=bands)


def measure(name: str, night, draft: Policy, basis) -> list[list[str]]:
    """Medians of some, each way warm; every line is looked at once."""
    trial = Trial(night.legal_entity_id, night.as_of, night.policy, draft)
    with transaction.atomic(), connection.cursor() as cursor:
        planning.prepare(cursor)
        day = SQL("{}::date").format(Literal(night.as_of.isoformat()))
        floor, _ = timed(lambda: cursor.execute(SQL(FLOOR).format(Literal(night.legal_entity_id), day)))
        fast, cells = timed(lambda: movement_by_cells(cursor, trial, basis), ROUNDS_OF_FAST)
        slow, lines = timed(lambda: movement_by_lines(cursor, trial), 1)
        if cells.steps != lines.steps:
            raise AssertionError(f"{name}: sums {cells.steps}, lines {lines.steps}")
        whom, found = timed(lambda: affected(cursor, trial, cells))
        branches, _ = timed(lambda: branch_figures(cursor, trial, found))
        owners, _ = timed(lambda: loads(cursor, trial, found))
        listed, _ = timed(lambda: page(listing_of(trial, Wanted())))
    moved = sum(count.customers for (before, then), count in cells.steps.items() if before != then)
    took = {
        "one look at every line (floor)": floor,
        "matrix from sums": fast,
        "matrix from every line": slow,
        f"whom it moves: {moved:,} customers by branch, owners lost": whom,
        "branches against places": branches,
        "owners against places": owners,
        "a page of the list": listed,
    }
    return [[name, "", ""], *([f"  {each}", f"{1000 * s:,.0f}", f"{s / floor:.2f}"] for each, s in took.items())]


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, object]:
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - started)
    return median(took), found
