import os
import signal
import subprocess
import sys

import pytest

from tellerdesk.core.side_processes import SideProcessDied, SideProcesses
from tests.core.processes import runs, wait_until

ECHO = "tests.core.echoing"


def questions(count):
    return [f"{place}".encode() for place in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_answers_come_in_the_order_of_the_questions(count, processes):
    with SideProcesses(ECHO, b"hello ", count=processes) as pool:
        answers = list(pool.answers(questions(count)))
    assert answers == [b"hello " + question for question in questions(count)]


def test_large_messages_never_block_each_other():
    large = [bytes([place]) * 3_000_000 for place in range(6)]
    with SideProcesses(ECHO, b"", count=2) as pool:
        assert list(pool.answers(large)) == large


def test_one_question_ahead_for_each_process():
    asked = []

    def slowly():
        for question in questions(10):
            asked.append(question)
            yield question

    with SideProcesses(ECHO, b"", count=2) as pool:
        answers = pool.answers(slowly())
        next(answers)
        assert len(asked) == 3


def test_a_killed_process_is_noticed():
    with SideProcesses(ECHO, b"", count=2) as pool:
        pool.processes[1].kill()
        pool.processes[1].wait()
        with pytest.raises(SideProcessDied):
            list(pool.answers(questions(5)))


def test_they_end_with_the_one_who_asked():
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tellerdesk.settings'\n"
        "from tellerdesk.core.side_processes import SideProcesses\n"
        f"pool = SideProcesses('{ECHO}', b'', count=2)\n"
        "print(*(process.pid for process in pool.processes), flush=True)\n"
        "import time; time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as asker:
        pids = [int(pid) for pid in asker.stdout.readline().split()]
        asker.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(runs(pid) for pid in pids))


def test_nothing_is_left_when_it_is_done():
    with SideProcesses(ECHO, b"", count=2) as pool:
        pids = [process.pid for process in pool.processes]
        assert [os.getpgid(pid) == pid for pid in pids] == [True, True]
    assert [runs(pid) for pid in pids] == [False, False]


def test_what_breaks_it_is_told_by_its_place_alone(capfd):
    with SideProcesses(ECHO, b"", count=1) as pool, pytest.raises(SideProcessDied):
        list(pool.answers([b"secret 110105194912310025"]))
    told = capfd.readouterr().err
    assert ("ValueError" in told, "spoken" in told, "110105194912310025" in told) == (True, True, False)
