"""A few processes that each compute one thing after another for us, their answers in the order of the questions.

Programs of their own (`python -m module`) that read from their stdin and write to their stdout: they hold no connection
and no lock of ours, and end when we do, however we end, since their stdin ends then.
"""

import os
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Self

from django.conf import settings

from tellerdesk.core.logs import LineFormatter

LENGTH = struct.Struct(">I")
MOST = 4


class SideProcessDied(Exception):
    """Killed, or it failed; what it was at is not done."""


class SideProcesses:
    """Of one module, one for each processor unless `count` says otherwise; every one gets `greeting` first."""

    def __init__(self, module: str, greeting: bytes, *, count: int = 0):
        self.processes = [_start(module) for _ in range(count or min(os.cpu_count() or 1, MOST))]
        for process in self.processes:
            _ask(process, greeting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem) -> None:
        for process in self.processes:
            process.kill()
            process.communicate()

    def answers(self, questions: Iterable[bytes]) -> Iterator[bytes]:
        """One question ahead for each process. Raises SideProcessDied."""
        questions = iter(questions)
        asked: deque[subprocess.Popen] = deque()
        for process, question in zip(self.processes, questions, strict=False):
            _ask(process, question)
            asked.append(process)
        while asked:
            process = asked.popleft()
            answer = _answer(process)
            if (question := next(questions, None)) is not None:
                _ask(process, question)
                asked.append(process)
            yield answer


def serve(prepare: Callable[[bytes], Callable[[bytes], bytes]]) -> None:
    """The main of a side process: `prepare` makes of the greeting what answers questions. Ends with its asker.

    What goes wrong is told by its place and never by its message, which may quote what somebody typed.
    """
    source, target = sys.stdin.buffer, sys.stdout.buffer
    try:
        answer = prepare(read_message(source) or b"")
        while (question := read_message(source)) is not None:
            write_message(target, answer(question))
    except Exception:
        sys.exit(LineFormatter().formatException(sys.exc_info()))


def read_message(file: BinaryIO) -> bytes | None:
    """None at the end."""
    head = file.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length = LENGTH.unpack(head)[0]
    body = file.read(length)
    return body if len(body) == length else None


def write_message(file: BinaryIO, message: bytes) -> None:
    file.write(LENGTH.pack(len(message)) + message)
    file.flush()


def _start(module: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _ask(process: subprocess.Popen, question: bytes) -> None:
    try:
        write_message(process.stdin, question)
    except BrokenPipeError as error:
        raise SideProcessDied from error


def _answer(process: subprocess.Popen) -> bytes:
    answer = read_message(process.stdout)
    if answer is None:
        raise SideProcessDied
    return answer
