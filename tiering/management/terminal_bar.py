"""Progress for whoever started a command: a bar that is drawn over itself on a terminal, one line a step elsewhere."""

import shutil
import time
from typing import TextIO

from django.utils.translation import gettext as _

from tiering.enums import NightStep
from tiering.jobs.night_progress import WAITING

WIDTH = 30
DRAWN_EVERY = 0.1  # seconds


class TerminalBar:
    def __init__(self, out: TextIO):
        self.out = out
        self.is_terminal = out.isatty()
        self.step = ""
        self.began = self.drawn = 0.0

    def __enter__(self) -> "TerminalBar":
        return self

    def __exit__(self, *problem) -> None:
        self._end_line()

    def show(self, step: str, percent: int) -> None:
        now = time.monotonic()
        if step != self.step:
            self._end_line()
            self.step, self.began, self.drawn = step, now, 0.0
            if not self.is_terminal:
                self.out.write(f"{label(step)}\n")
        if self.is_terminal and (percent == 100 or now - self.drawn > DRAWN_EVERY):
            self.drawn = now
            self.out.write(f"\r{self._line(percent, now - self.began)}\x1b[K")
            self.out.flush()

    def _line(self, percent: int, seconds: float) -> str:
        if self.step == WAITING:
            return label(WAITING)
        full = WIDTH * percent // 100
        bar = "█" * full + "░" * (WIDTH - full)
        return f"{bar} {percent:3} %  {label(self.step)}  {seconds:.1f} s"[: shutil.get_terminal_size().columns - 1]

    def _end_line(self) -> None:
        if self.step and self.is_terminal:
            self.out.write("\n")


def label(step: str) -> str:
    return _("Another night of this legal entity is running; waiting") if step == WAITING else NightStep(step).label
