"""A quarter assessed for the whole bank, beside one parallel scan with aggregate of a day's lines.

The night's bank stands after the end of a quarter and further days; its last two days are the ends of a quarter here.
"""

from datetime import date
from statistics import median

from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_bank, night_delta, night_filling, scratch
from benchmarks.figures import ROUNDS, table
from benchmarks.night_delta import look, timed
from tiering.jobs import planning
from tiering.jobs.quarter import Assessed
from tiering.jobs.quarter_figures import add_up, customer_table, write_customers
from tiering.jobs.quarter_lines import find_exceptions, find_lines
from tiering.jobs.quarter_owners import find_arrivals, find_owners, find_positions
from tiering.selectors.policies import policy_in_force

GOAL = 5
STEPS = ("owners", "lines", "arrivals", "customers", "figures")
OPENING, CLOSING = night_bank.DAYS[0], night_bank.DAYS[-1]


def run(customers: int) -> None:
    entity = night_bank.after_nights(customers)
    with night_filling.settled() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
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
        found["floor"] = median(timed(lambda: look(cursor, closing)) for _ in range(3))
        found["owners"] = timed(lambda: owners(cursor, assessed))
        found["lines"] = timed(lambda: find_lines(cursor, assessed))
        found["arrivals"] = timed(lambda: find_arrivals(cursor, assessed))
        found["customers"] = timed(lambda: write_customers(cursor, assessed))
        found["figures"] = timed(lambda: (add_up(cursor, assessed), find_positions(cursor)))
        cursor.execute(SQL("SELECT count(*) FROM {}").format(Identifier(customer_table(number))))
        [found["rows"]] = cursor.fetchone()
        cursor.execute(
            SQL("SELECT count(*) FROM tiering_assessmentfigure WHERE assessment_id = {}").format(Literal(number))
        )
        [found["sums"]] = cursor.fetchone()
    connection.rollback()
    connection.close()
    return found


def owners(cursor, assessed: Assessed) -> None:
    find_exceptions(cursor, assessed)
    find_owners(cursor, assessed)


def report(customers: int, rounds: list[dict[str, float]]) -> None:
    middle = {name: median(each[name] for each in rounds) for name in rounds[0]}
    whole = median(sum(each[name] for name in STEPS) for each in rounds)
    rows = [[name, f"{middle[name]:.2f}", f"{middle[name] / middle['floor']:.1f}"] for name in ("floor", *STEPS)]
    rows.append(["whole quarter", f"{whole:.2f}", f"{whole / middle['floor']:.1f} (goal {GOAL})"])
    title = (
        f"A quarter of {customers:,} customers: {middle['rows']:,.0f} behind the figures, {middle['sums']:,.0f} sums"
    )
    table(title, ["", "seconds", "of a scan with aggregate"], rows)
