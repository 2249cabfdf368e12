"""Child processes that end with us, in whichever way we end."""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """One program in a session of its own, so that Ctrl-C at the terminal reaches only us and we end it in order.

    `at_our_death` is what it gets from the kernel when we are killed (Linux only).
    """

    def __init__(self, name: str, command: list[str], *, at_our_death: signal.Signals):
        self.name = name
        self.command = command
        self.at_our_death = at_our_death
        self.process = None
        self.started_at = 0.0

    def start(self) -> None:
        parent, last_wish = os.getpid(), self.at_our_death

        def follow():
            if LIBC:
                LIBC.prctl(PR_SET_PDEATHSIG, last_wish)
                if os.getppid() != parent:  # we died before the kernel knew
                    os.kill(os.getpid(), last_wish)

        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=follow)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()

    def stop(self, seconds: float) -> None:
        """SIGTERM, time to finish, then SIGKILL for it and what it started."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
