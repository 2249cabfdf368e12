"""Where exports are made: a folder of one's own, and nothing of it left, not even by the killed."""

import signal
import sys
from subprocess import PIPE, Popen

import pytest
from django.conf import settings as django_settings

from tellerdesk.files.workplaces import clear_abandoned, workplace
from tests.core.processes import environment

AT_WORK = """
import django
django.setup()
from tellerdesk.files.workplaces import workplace
with workplace() as place:
    (place / "customers.xml").write_text("clear")
    print(place, flush=True)
    input()
"""


@pytest.fixture
def exports(tmp_path):
    return tmp_path / "exports"


def test_nobody_else_may_look_and_nothing_stays(exports):
    with workplace() as place:
        (place / "sheet.xml").write_text("x", encoding="utf-8")
        assert place.parent == exports
        assert [each.stat().st_mode & 0o777 for each in (exports, place)] == [0o700, 0o700]
    assert list(exports.iterdir()) == []


def test_nothing_stays_of_an_act_that_failed(exports):
    with pytest.raises(ZeroDivisionError), workplace():
        raise ZeroDivisionError
    assert list(exports.iterdir()) == []


def test_where_somebody_works_stays_and_what_the_killed_left_goes(exports):
    child = Popen(
        [sys.executable, "-c", AT_WORK],
        cwd=django_settings.BASE_DIR,
        env=environment(exports.parent, DJANGO_SETTINGS_MODULE="tellerdesk.settings"),
        stdin=PIPE,
        stdout=PIPE,
        text=True,
    )
    with child:
        place = child.stdout.readline().strip()
        assert (clear_abandoned(), [str(each) for each in exports.iterdir()]) == (0, [place])
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert (clear_abandoned(), list(exports.iterdir())) == (1, [])
