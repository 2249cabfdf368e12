"""Eight writers commit one event at a time: with the trigger that links it into the chain, and without."""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from benchmarks import scratch
from benchmarks.figures import ROUNDS, table

WRITERS, SECONDS = 8, 3
PLAIN = "without the trigger (floor)"
WAYS = {
    PLAIN: ("bench_event", "bench"),
    "one chain": ("audit_auditevent", "bench"),
    "a chain for each writer": ("audit_auditevent", "bench{}"),
}
COLUMNS = (
    "at, entity, branch, actor, actor_name, action, subject_type, subject_id, subject_label, detail, changes, touched"
)
INSERT = (
    "INSERT INTO {} ({}) VALUES (now(), 'HZ', %s, 'teller', '许知微', 'bench.written', 'customers.customer', '1',"
    " '100000000000 张*', '{{\"document\": \"resident_id\"}}', '{{}}', ARRAY['customers.customer:1'])"
)


def run() -> None:
    with scratch.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_event (LIKE audit_auditevent INCLUDING ALL)")
    rounds = [{way: commits_a_second(*WAYS[way]) for way in WAYS} for _ in range(ROUNDS)]
    rates = {way: median(each[way] for each in rounds) for way in WAYS}
    rows = [[way, f"{rate:.0f}", f"{rate / rates[PLAIN]:.2f}"] for way, rate in rates.items()]
    title = f"Audit chain, {WRITERS} writers, medians of {ROUNDS} rounds of {SECONDS} s"
    table(title, ["", "commits/s", "of the floor"], rows)


def commits_a_second(events: str, branch: str) -> float:
    with ThreadPoolExecutor(WRITERS) as pool:
        written = pool.map(write, [events] * WRITERS, [branch.format(place) for place in range(WRITERS)])
        return sum(written) / SECONDS


def write(events: str, branch: str) -> int:
    connection, count = scratch.connect(), 0
    connection.autocommit = True
    with connection.cursor() as cursor:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            cursor.execute(INSERT.format(events, COLUMNS), [branch])
            count += 1
    connection.close()
    return count
