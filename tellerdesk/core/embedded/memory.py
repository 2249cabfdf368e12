"""How much of this machine's memory the embedded PostgreSQL may count on."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

MB = 1024 * 1024
# A container's limit, by the two kinds of control groups.
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
SHARED = Path("/dev/shm")  # noqa: S108 - looked at, never written to
# An eighth for pages of its own, for the site's processes stand beside it; more than the most gains nothing.
LEAST_BUFFERS, MOST_BUFFERS = 128 * MB, 4096 * MB
# Where the workers of one statement meet. So much is taken at the start and used again and again; what a large night
# needs beside it comes from the system's shared memory, or from a file where containers have too little of that.
MOST_RESERVED = 1024 * MB
NEEDED_BETWEEN_WORKERS = 2048 * MB


def settings() -> str:
    """Lines for postgresql.conf."""
    return settings_for(memory(), shared_memory())


def settings_for(memory: int, shared: int | None) -> str:
    """Both in bytes; `shared` is None where the system has no place of that kind."""
    buffers = min(max(memory // 8, LEAST_BUFFERS), MOST_BUFFERS)
    between_workers = "mmap" if shared is not None and shared < NEEDED_BETWEEN_WORKERS else "posix"
    return (
        f"shared_buffers = {buffers // MB}MB\n"
        f"effective_cache_size = {max(memory // 2, 2 * LEAST_BUFFERS) // MB}MB\n"
        f"min_dynamic_shared_memory = {min(memory // 32, MOST_RESERVED) // MB}MB\n"
        f"dynamic_shared_memory_type = {between_workers}\n"
    )


def memory(limits: tuple[Path, ...] = LIMITS) -> int:
    """Bytes of the machine, or of the container where that has less."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for limit in limits:
        with suppress(OSError, ValueError):  # "max" is none
            found.append(int(limit.read_text(encoding="ascii")))
    return min(found)


def shared_memory() -> int | None:
    with suppress(OSError):
        return shutil.disk_usage(SHARED).total
    return None
