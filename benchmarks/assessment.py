"""A quarter assessed for the whole bank, beside one parallel scan with aggregate of a day's lines.

What computes the five indicators, of every owner, branch and the bank, stands apart from what keeps them, and from what
the nights of both ends of the quarter keep of their days.

The night's bank stands after the end of a quarter and further days; its last two days are the ends of a quarter here.
"""

from collections.abc import Iterable
from datetime import date
from statistics import median

from django.db import connections, transaction
from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_bank, night_delta
from benchmarks.figures import ROUNDS, table
from benchmarks.night_delta import LOOKS, look, timed
from tellerdesk.core.database_roles import OWNER
from tiering.jobs import planning
from tiering.jobs.assess_quarter import judge_rest
from tiering.jobs.assessed_days import DayWanted, found, keep_day
from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_apart import find_apart
from tiering.jobs.quarter_customers import attach, customer_table
from tiering.jobs.quarter_figures import add_up, keep_figures
from tiering.jobs.quarter_owners import find_positions
from tiering.jobs.quarter_pass import pass_over
from tiering.jobs.quarter_ranks import rank
from tiering.jobs.temporary import CHEAP_WORKERS
from tiering.models import AssessedDay, SnapshotDay
from tiering.selectors.policies import policy_in_force
from tiering.selectors.quarter_parts import reached

GOAL = 5
OPENING, CLOSING = night_bank.DAYS[0], night_bank.DAYS[-1]
# What no way can do without that looks at both days: who is large enough on either, side by side, and counted; then
# with the owners beside them.
BARE = """
SELECT count(*), count(*) FILTER (WHERE c.aum > o.aum) FROM (SELECT customer_id, aum FROM {closing} WHERE {reached}) c
FULL JOIN (SELECT customer_id, aum FROM {opening} WHERE {reached}) o USING (customer_id)
"""
OWNED = """
FULL JOIN (
  SELECT customer_id FROM tiering_ownerassignment
  WHERE legal_entity_id = {entity} AND is_primary AND until IS NULL AND since <= {until}
) w USING (customer_id)
"""
NIGHTS = {"the opening day kept by its night": "opening", "the closing day kept by its night": "closing"}
# With what the nights kept of both days.
NARROW = """
SELECT count(*), count(*) FILTER (WHERE c.aum > o.aum)
FROM {closing_lines} c FULL JOIN {opening_lines} o USING (customer_id)
"""
COMPUTING = {
    "both kept days found, their owners compared": "found",
    "who is judged apart": "apart",
    "one pass over both days": "pass",
    "the rest": "rest",
    "sums of owners and branches": "sums",
}
KEEPING = {
    "customers judged apart attached, indexes": "attach",
    "sums written": "kept",
    "positions": "positions",
    "ranks written": "ranks",
}


def run(customers: int) -> None:
    entity = night_bank.after_nights(customers)
    report(customers, [one_quarter(entity, number) for number in range(1, ROUNDS + 1)])


def one_quarter(entity: int, number: int) -> dict[str, float]:
    """Seconds by step, rolled back at the end."""
    opening, closing = (night_delta.night_of(entity, day) for day in (OPENING, CLOSING))
    policy, took = policy_in_force(entity, OPENING), {}
    days = {row.as_of: row for row in SnapshotDay.objects.using(OWNER).filter(legal_entity=entity)}
    wanted = {each: DayWanted(days[each], each, policy.entry.floor) for each in (OPENING, CLOSING)}
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        planning.prepare(cursor)
        cursor.execute(CHEAP_WORKERS)
        took["floor"] = median(timed(lambda: look(cursor, closing)) for _ in range(LOOKS))
        kept = {}
        for name, day in (("opening", OPENING), ("closing", CLOSING)):
            took[name] = timed(
                lambda day=day: kept.update({day: AssessedDay.lines_table(keep_day(cursor, wanted[day]).pk)})
            )
        assessed = Assessed(
            *(number, entity, opening.table, closing.table, kept[OPENING], kept[CLOSING]),
            *(OPENING, CLOSING, OPENING, CLOSING, policy, 255, date(2026, 7, 1)),
        )
        for name, text in (("bare", BARE), ("owned", BARE + OWNED), ("narrow", NARROW)):
            took[name] = median(timed(lambda text=text: bare(cursor, assessed, text)) for _ in range(LOOKS))
        took["found"] = timed(lambda: [found(cursor, each) for each in wanted.values()])
        for name, step in STEPS.items():
            took[name] = timed(lambda step=step: step(cursor, assessed))
        took |= {"rows": counted(cursor, assessed.closing_lines), "apart_rows": counted(cursor, customer_table(number))}
        took["sums_kept"] = counted(cursor, "assess_figures")
        transaction.set_rollback(True, using=OWNER)
    return took


def counted(cursor, table: str) -> int:
    cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table)))
    return cursor.fetchone()[0]


STEPS = {
    "apart": find_apart,
    "pass": pass_over,
    "rest": judge_rest,
    "sums": add_up,
    "attach": attach,
    "kept": keep_figures,
    "positions": find_positions,
    "ranks": rank,
}


def bare(cursor, assessed: Assessed, text: str) -> None:
    parts = {
        "closing": Identifier(assessed.closing),
        "opening_lines": Identifier(assessed.opening_lines),
        "closing_lines": Identifier(assessed.closing_lines),
        "opening": Identifier(assessed.opening),
        "reached": reached(assessed.policy.entry, "aum"),
        "entity": Literal(assessed.legal_entity_id),
        "until": Literal(assessed.until),
    }
    cursor.execute(SQL(text).format(**parts))


def report(customers: int, rounds: list[dict[str, float]]) -> None:
    middle = {name: median(each[name] for each in rounds) for name in rounds[0]}
    rows = [["one look at every line (floor)", *figures(rounds, ["floor"])]]
    rows.append(["bare join of both days from the lowest floor on", *figures(rounds, ["bare"])])
    rows.append(["the same with the open owners", *figures(rounds, ["owned"])])
    rows.append(["bare join of what is kept of both days", *figures(rounds, ["narrow"])])
    rows += [[name, *figures(rounds, [step])] for name, step in NIGHTS.items()]
    rows += [[f"  {name}", *figures(rounds, [step])] for name, step in COMPUTING.items()]
    rows.append([f"computing the five indicators (goal {GOAL})", *figures(rounds, COMPUTING.values())])
    rows += [[f"  {name}", *figures(rounds, [step])] for name, step in KEEPING.items()]
    rows.append(["keeping what was computed", *figures(rounds, KEEPING.values())])
    rows.append([f"whole quarter (goal {GOAL})", *figures(rounds, ["found", *STEPS])])
    title = (
        f"A quarter of {customers:,} customers: {middle['rows']:,.0f} kept at its end, "
        f"{middle['apart_rows']:,.0f} judged apart, {middle['sums_kept']:,.0f} sums"
    )
    table(title, ["", "seconds", "of a scan with aggregate"], rows)


def figures(rounds: list[dict[str, float]], steps: Iterable[str]) -> list[str]:
    """Seconds, and how many floors of the same round these are."""
    took = [sum(each[step] for step in steps) for each in rounds]
    floors = median(seconds / each["floor"] for seconds, each in zip(took, rounds, strict=True))
    return [f"{median(took):.2f}", f"{floors:.1f}"]
