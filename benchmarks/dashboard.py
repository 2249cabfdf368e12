"""Eight managers open board and list, between looks at the plainest page of the site.

Behind them stands the night's bank after three nights: the ends of a quarter and of a month, and a day. The branch's
board is the goal; a district's (a hundred branches) and the whole bank's stand beside it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from random import Random

from django.contrib.auth.hashers import make_password
from psycopg2.sql import SQL, Identifier, Literal

from benchmarks import night_delta, night_filling
from benchmarks.figures import ROUNDS, median_of_rounds, table
from benchmarks.lookup import FLOOR, expect
from benchmarks.site import Visitor
from tellerdesk.core.kept_secrets import demo_password
from tellerdesk.staff.models import LegalEntity

CLIENTS, TURNS = 8, 40
GOAL = 1.5
DAYS = (night_filling.FIRST_DAY, date(2026, 10, 31), date(2026, 11, 23))
HEAD_OFFICE = "nhead"
# Branch managers of branches that lie apart, deputies of districts, one person for the bank.
MANAGERS = [f"n{10_001 + 137 * place}_1" for place in range(CLIENTS)]
DEPUTIES = [f"n{901 + place}_1" for place in range(CLIENTS)]
PEOPLE = """
INSERT INTO staff_staff (password, username, name, initials, legal_entity_id, is_active, must_change_password,
  logins_ended, language, theme, enter_moves, idle_minutes)
SELECT '!', %(head)s, %(head)s, '', %(entity)s, true, false, 0, 'zh-hans', 'system', true, 15
ON CONFLICT DO NOTHING;
INSERT INTO staff_posting (staff_id, position, branch_id, since)
SELECT s.id, 'head_office', b.id, '2020-01-01' FROM staff_staff s, staff_branch b
WHERE s.username = %(head)s AND b.legal_entity_id = %(entity)s AND b.code = '000' ON CONFLICT DO NOTHING;
UPDATE staff_staff SET password = %(password)s WHERE username = ANY(%(users)s);
"""


def prepare(customers: int) -> None:
    """The bank and its nights, where another benchmark has not made them; and people who may log in."""
    bank = LegalEntity.objects.filter(code=night_filling.ENTITY).first()
    entity = bank.pk if bank else night_filling.fill(customers)
    if bank is None:
        run_nights(entity)
    users = [*MANAGERS, *DEPUTIES, HEAD_OFFICE]
    with night_filling.settled() as cursor:
        password = make_password(demo_password())
        cursor.execute(PEOPLE, {"head": HEAD_OFFICE, "entity": entity, "password": password, "users": users})
        cursor.execute("VACUUM (ANALYZE)")


def run_nights(entity: int) -> None:
    first, *further = (night_delta.night_of(entity, day) for day in DAYS)
    night_delta.one_night(first, SQL(night_delta.FIRST_DAY), entity=Literal(entity))
    before = first
    for place, night in enumerate(further):
        seed = Literal(1000 + 2 * place)
        night_delta.one_night(night, SQL(night_delta.NEXT_DAY), seed=seed, before=Identifier(before.table))
        before = night


def run(port: int) -> None:
    """Needs `prepare` before the site was started."""
    rows = [(MANAGERS[place], DEPUTIES[place], HEAD_OFFICE) for place in range(CLIENTS)]
    people = [tuple(Visitor(port).log_in(username) for username in row) for row in rows]
    work(people, turns=5, seed=0)
    report([work(people, turns=TURNS, seed=number) for number in range(1, ROUNDS + 1)])


def work(people: list[tuple[Visitor, ...]], *, turns: int, seed: int) -> dict[str, list[float]]:
    """Milliseconds of every answer by kind; each turn takes every kind once, in an order of its own."""
    with ThreadPoolExecutor(len(people)) as pool:
        chances = [Random(f"{seed} {place}") for place in range(len(people))]
        results = list(pool.map(take_turns, people, chances, [turns] * len(people)))
    return {kind: [value for each in results for value in each[kind]] for kind in KINDS}


def take_turns(visitors: tuple[Visitor, ...], chance: Random, turns: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(turns):
        for kind in chance.sample(list(KINDS), len(KINDS)):
            who, path, words = KINDS[kind]
            started = time.perf_counter()
            status, _, body = visitors[who].get(path)
            took[kind].append(1000 * (time.perf_counter() - started))
            expect(status == 200 and words in body, status)
    return took


MANAGER, DEPUTY, HEAD = range(3)
BOARD = "grid--tiers"
KINDS = {
    FLOOR: (MANAGER, "/accounts/settings/", "idle_minutes"),
    "board of a branch": (MANAGER, "/tiering/", BOARD),
    "board of a branch, interface": (MANAGER, "/api/v1/tiering/dashboard/", "private_wealth"),
    "list of a branch": (MANAGER, "/tiering/customers/?tier=branch_staff", "cell-reason"),
    "board of a district": (DEPUTY, "/tiering/", BOARD),
    "board of the bank": (HEAD, "/tiering/", BOARD),
}


def report(rounds: list[dict[str, list[float]]]) -> None:
    figures = {
        kind: [median_of_rounds([each[kind] for each in rounds], percent) for percent in (50, 99)] for kind in KINDS
    }
    floor = figures[FLOOR]
    rows = [
        [kind, f"{half:.1f}", f"{most:.1f}", f"{half / floor[0]:.2f}", f"{most / floor[1]:.2f}"]
        for kind, (half, most) in figures.items()
    ]
    title = f"The board, {CLIENTS} clients, medians of {ROUNDS} rounds of {CLIENTS * TURNS} each"
    table(title, ["", "p50 ms", "p99 ms", "p50 ratio", f"p99 ratio (goal {GOAL} for a branch)"], rows)
