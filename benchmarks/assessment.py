"""A quarter assessed for the whole bank, beside one parallel scan with aggregate of a day's lines.

What computes the five indicators, of every owner, branch and the bank, stands apart from what keeps them.

The night's bank stands after the end of a quarter and further days; its last two days are the ends of a quarter here.
"""

from collections.abc import Iterable
from datetime import date
from statistics import median

from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_bank, night_delta, scratch
from benchmarks.figures import ROUNDS, table
from benchmarks.night_delta import LOOKS, look, timed
from tiering.jobs import planning
from tiering.jobs.assess_quarter import judge_rest
from tiering.jobs.quarter import Assessed, reached
from tiering.jobs.quarter_apart import find_apart
from tiering.jobs.quarter_customers import attach, customer_table, pass_over
from tiering.jobs.quarter_figures import add_up, keep_figures
from tiering.jobs.quarter_owners import find_positions
from tiering.jobs.quarter_ranks import rank
from tiering.jobs.temporary import CHEAP_WORKERS
from tiering.selectors.policies import policy_in_force

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
COMPUTING = {
    "who is judged apart": "apart",
    "one pass, its customers written": "pass",
    "the rest": "rest",
    "sums of owners and branches": "sums",
}
KEEPING = {
    "customers attached, index": "attach",
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
    assessed = Assessed(
        *(number, entity, opening.table, closing.table, OPENING, CLOSING, OPENING, CLOSING),
        *(policy_in_force(entity, OPENING), 255, date(2026, 7, 1)),
    )
    connection, found = scratch.connect(), {}
    with connection.cursor() as cursor:
        planning.prepare(cursor)
        cursor.execute(CHEAP_WORKERS)
        found["floor"] = median(timed(lambda: look(cursor, closing)) for _ in range(LOOKS))
        for name, text in (("bare", BARE), ("owned", BARE + OWNED)):
            found[name] = median(timed(lambda text=text: bare(cursor, assessed, text)) for _ in range(LOOKS))
        for name, step in STEPS.items():
            found[name] = timed(lambda step=step: step(cursor, assessed))
        cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(customer_table(number))))
        [found["rows"]] = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM assess_figures")
        [found["sums_kept"]] = cursor.fetchone()
    connection.rollback()
    connection.close()
    return found


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
    rows += [[f"  {name}", *figures(rounds, [step])] for name, step in COMPUTING.items()]
    rows.append([f"computing the five indicators (goal {GOAL})", *figures(rounds, COMPUTING.values())])
    rows += [[f"  {name}", *figures(rounds, [step])] for name, step in KEEPING.items()]
    rows.append(["keeping what was computed", *figures(rounds, KEEPING.values())])
    rows.append([f"whole quarter (goal {GOAL})", *figures(rounds, STEPS)])
    title = (
        f"A quarter of {customers:,} customers: {middle['rows']:,.0f} behind the figures, "
        f"{middle['sums_kept']:,.0f} sums"
    )
    table(title, ["", "seconds", "of a scan with aggregate"], rows)


def figures(rounds: list[dict[str, float]], steps: Iterable[str]) -> list[str]:
    """Seconds, and how many floors of the same round these are."""
    took = [sum(each[step] for step in steps) for each in rounds]
    floors = median(seconds / each["floor"] for seconds, each in zip(took, rounds, strict=True))
    return [f"{median(took):.2f}", f"{floors:.1f}"]
