"""Eight managers open board and list, between looks at the plainest page of the site.

Behind them stands the night's bank after three nights. The branch's
board is the goal; a district's (a hundred branches) and the whole bank's stand beside it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

from django.contrib.auth.hashers import make_password

from benchmarks import night_bank, night_filling
from benchmarks.figures import ROUNDS, median_of_rounds, table
from benchmarks.lookup import FLOOR, expect
from benchmarks.site import Visitor
from tellerdesk.core.kept_secrets import demo_password

CLIENTS, TURNS = 8, 40
GOAL = 1.5
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
    """The bank after its nights, and people who may log in."""
    entity = night_bank.after_nights(customers)
    users = [*MANAGERS, *DEPUTIES, HEAD_OFFICE]
    with night_filling.settled() as cursor:
        password = make_password(demo_password())
        cursor.execute(PEOPLE, {"head": HEAD_OFFICE, "entity": entity, "password": password, "users": users})


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
