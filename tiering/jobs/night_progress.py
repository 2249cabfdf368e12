"""How far a night is and how long each step took: for the run's row, and for whoever looks on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tellerdesk.files.runs import Progress
from tiering.jobs.night import say_nothing
from tiering.models import NightlyRun

# What is told while another night of the legal entity is running.
WAITING = "waiting"


class NightProgress:
    """`look_on(step, percent)` hears all that is told; the run's row some of it. Not for threads."""

    def __init__(self, run: NightlyRun, look_on: Callable[[str, int], None] = say_nothing):
        self.row = Progress(run)
        self.look_on = look_on
        self.seconds: dict[str, float] = {}

    def tell(self, step: str, percent: int) -> None:
        self.row.tell(step, percent, 100)
        self.look_on(step, percent)

    def wait(self) -> None:
        self.row.tell("", 0, 100)
        self.look_on(WAITING, 0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        self.tell(name, 0)
        yield
        self.tell(name, 100)
        self.seconds[str(name)] = round(time.perf_counter() - started, 3)
