"""Eight tellers look customers up, by page and by interface, between looks at the plainest page of the site."""

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

from benchmarks.figures import ROUNDS, median_of_rounds, table
from benchmarks.filling import Person
from benchmarks.site import Visitor

CLIENTS, TURNS = 8, 40
FLOOR = "settings page (floor)"
GOAL = 1.5


def run(port: int, people: list[Person]) -> None:
    visitors = [Visitor(port).log_in("teller") for _ in range(CLIENTS)]
    work(visitors, people, turns=10, seed=0)
    rounds = [work(visitors, people, turns=TURNS, seed=number) for number in range(1, ROUNDS + 1)]
    report(rounds, len(people))


def work(visitors: list[Visitor], people: list[Person], *, turns: int, seed: int) -> dict[str, list[float]]:
    """Milliseconds of every answer by kind; each turn takes every kind once, in an order of its own."""
    with ThreadPoolExecutor(len(visitors)) as pool:
        chances = [Random(f"{seed} {place}") for place in range(len(visitors))]
        results = list(pool.map(take_turns, visitors, chances, [people] * len(visitors), [turns] * len(visitors)))
    return {kind: [value for each in results for value in each[kind]] for kind in results[0]}


def take_turns(visitor: Visitor, chance: Random, people: list[Person], turns: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(turns):
        for kind in chance.sample(list(KINDS), len(KINDS)):
            started = time.perf_counter()
            KINDS[kind](visitor, chance.choice(people))
            took[kind].append(1000 * (time.perf_counter() - started))
    return took


def plain(visitor: Visitor, person: Person) -> None:
    status, _, body = visitor.get("/accounts/settings/")
    expect(status == 200 and "idle_minutes" in body, status)


def by_number(visitor: Visitor, person: Person) -> None:
    status, address, _ = visitor.post("/customers/", {"customer_number": person.customer_number})
    expect(status == 302 and person.customer_number in address, status)


def by_document(visitor: Visitor, person: Person) -> None:
    keys = {"document_type": "resident_id", "document_number": person.document_number}
    status, address, _ = visitor.post("/customers/", keys)
    expect(status == 302 and person.customer_number in address, status)


def form(visitor: Visitor, person: Person) -> None:
    status, _, body = visitor.get("/customers/")
    expect(status == 200 and "document_number" in body, status)


def file(visitor: Visitor, person: Person) -> None:
    status, _, body = visitor.get(f"/customers/{person.customer_number}/")
    expect(status == 200 and person.name in body, status)


def interface(visitor: Visitor, person: Person) -> None:
    query = f"document_type=resident_id&document_number={person.document_number}"
    status, _, body = visitor.get(f"/api/v1/customers/?{query}")
    expect(status == 200 and person.document_number in body, status)


def expect(right: bool, status: int) -> None:
    if not right:
        raise RuntimeError(f"not the page that was asked for: {status}")


KINDS = {
    FLOOR: plain,
    "look-up form": form,
    "look-up by number": by_number,
    "look-up by document": by_document,
    "file page": file,
    "interface by document": interface,
}


def report(rounds: list[dict[str, list[float]]], known: int) -> None:
    figures = {
        kind: [median_of_rounds([each[kind] for each in rounds], percent) for percent in (50, 99)] for kind in KINDS
    }
    floor = figures[FLOOR]
    rows = [
        [kind, f"{half:.1f}", f"{most:.1f}", f"{half / floor[0]:.2f}", f"{most / floor[1]:.2f}"]
        for kind, (half, most) in figures.items()
    ]
    title = f"Look-up, {CLIENTS} clients, medians of {ROUNDS} rounds of {CLIENTS * TURNS} each, {known} persons sought"
    table(title, ["", "p50 ms", "p99 ms", "p50 ratio", f"p99 ratio (goal {GOAL} for look-ups)"], rows)
