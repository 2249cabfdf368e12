"""What a draft would move, over the whole base: from cells and from every line, beside one look at every line.

The night's bank after its first night, as the night leaves it, but for the day's lines, which SQL makes. Both ways must
give the same matrix to the fen, or this fails. Read as the application reads.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_delta, night_filling
from benchmarks.figures import ROUNDS, table
from tiering.enums import Tier
from tiering.jobs import planning
from tiering.jobs.partitions import NEVER_NULL, entity_table, make_entity_table
from tiering.jobs.what_if import affected, movement_by_cells, movement_by_lines
from tiering.jobs.what_if_base import Trial
from tiering.jobs.what_if_cells import count_cells
from tiering.jobs.what_if_lists import Wanted, listing_of, page
from tiering.jobs.what_if_load import branch_figures, loads
from tiering.rules.policy import Policy

GOAL = 100  # milliseconds in the database at 10 million customers, for the matrix
FLOOR = "SELECT count(*), sum(aum), avg(aum) FROM tiering_snapshotline WHERE legal_entity_id = {} AND as_of = {}"
TEN_THOUSAND = 1_000_000  # fen


def run(customers: int) -> None:
    entity = night_filling.fill(customers)
    night = night_delta.night_of(entity, night_filling.FIRST_DAY)
    night_delta.one_night(night, SQL(night_delta.FIRST_DAY), entity=Literal(entity))
    attach(night)
    started = time.perf_counter()
    basis = count_cells(entity)
    counted = time.perf_counter() - started
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE) tiering_whatifcell, tiering_tierassignment, tiering_ownerassignment")
    print(f"cells: {basis.cells:,} in {counted:.1f} s, by the worker")
    rows = [row for name, draft in drafts(night.policy).items() for row in measure(name, night, draft, basis)]
    table(f"What if, {customers:,} customers (goal: {GOAL} ms for the matrix)", ["", "ms", "ratio to one look"], rows)


def attach(night) -> None:
    """As the load leaves it: a partition, read through its parent."""
    with night_filling.settled() as cursor:
        make_entity_table(cursor, night.legal_entity_id)
        name = Identifier(night.table)
        for column in (*NEVER_NULL, "legal_entity_id", "as_of"):
            cursor.execute(SQL("ALTER TABLE {} ALTER {} SET NOT NULL").format(name, Identifier(column)))
        parent = Identifier(entity_table(night.legal_entity_id))
        text = SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES IN ({})")
        cursor.execute(text.format(parent, name, Literal(night.as_of.isoformat())))
        cursor.execute(SQL("VACUUM (ANALYZE) {}").format(name))


def drafts(policy: Policy) -> dict[str, Policy]:
    highest, wealth, lead, staff = policy.bands
    raised = (highest, replace(wealth, floor=30 * TEN_THOUSAND), replace(lead, ceiling=30 * TEN_THOUSAND), staff)
    wider = (replace(highest, floor_inclusive=True), replace(wealth, ceiling_inclusive=False), lead, staff)
    return {
        "200,000 becomes 300,000": replace(policy, version=2, bands=raised),
        "60 becomes 65 years": replace(policy, version=2, bands=(*policy.bands[:3], replace(staff, max_age=65))),
        "2,000,000 itself goes up": replace(policy, version=2, bands=wider),
    }


def measure(name: str, night, draft: Policy, basis) -> list[list[str]]:
    """Medians of three, each way warm."""
    trial = Trial(night.legal_entity_id, night.as_of, night.policy, draft)
    with transaction.atomic(), connection.cursor() as cursor:
        planning.prepare(cursor)
        day = SQL("{}::date").format(Literal(night.as_of.isoformat()))
        floor, _ = timed(lambda: cursor.execute(SQL(FLOOR).format(Literal(night.legal_entity_id), day)))
        fast, cells = timed(lambda: movement_by_cells(cursor, trial, basis))
        slow, lines = timed(lambda: movement_by_lines(cursor, trial))
        if cells.steps != lines.steps:
            raise AssertionError(f"{name}: cells {cells.steps}, lines {lines.steps}")
        whom, found = timed(lambda: affected(cursor, trial, cells))
        branches, _ = timed(lambda: branch_figures(cursor, trial, found))
        owners, _ = timed(lambda: loads(cursor, trial, found))
        listed, _ = timed(lambda: page(listing_of(trial, Wanted(Tier.WEALTH_MANAGEMENT, Tier.BRANCH_LEAD))))
    moved = sum(count.customers for (before, then), count in cells.steps.items() if before != then)
    took = {
        "one look at every line (floor)": floor,
        "matrix from cells": fast,
        "matrix from every line": slow,
        f"whom it moves: {moved:,} customers by branch, owners lost": whom,
        "branches against places": branches,
        "owners against places": owners,
        "a page of the list": listed,
    }
    return [[name, "", ""], *([f"  {each}", f"{1000 * s:,.0f}", f"{s / floor:.2f}"] for each, s in took.items())]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - started)
    return median(took), found
