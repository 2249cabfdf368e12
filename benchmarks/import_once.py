"""One customer import in a process of its own: seconds and megabytes as JSON."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from threading import Event, Thread

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellerdesk.settings")
django.setup()

from customers.jobs.import_customers import run_import  # noqa: E402

EVERY = 0.05  # seconds between two looks at the side processes


def main(import_id: int) -> None:
    peaks, ended = {}, Event()
    watch = Thread(target=watch_children, args=(peaks, ended))
    watch.start()
    started = time.perf_counter()
    run_import(import_id)
    seconds = time.perf_counter() - started
    ended.set()
    watch.join()
    json.dump({"import": seconds, "memory": peak(os.getpid()), "children": max(peaks.values())}, sys.stdout)


def watch_children(peaks: dict[int, int], ended: Event) -> None:
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    while not ended.wait(EVERY):
        for pid in own.read_text().split():
            with contextlib.suppress(OSError):
                peaks[int(pid)] = peak(int(pid))


def peak(pid: int) -> int:
    """Megabytes at most since the program began; getrusage would count what its parent had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return max((int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM")), default=0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
