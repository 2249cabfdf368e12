"""The file of rejects stands on the disk before the night is committed: what becomes of it when it is not, or is it?"""

import io
from datetime import date
from functools import partial

import pytest
from django.db import OperationalError, connections

from tests.factories import make_entity
from tests.tiering.nights import make_customers, rejects_of
from tiering.jobs import night_report, nightly
from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
DAY = date(2026, 11, 20)
FILE = b"customer_number,aum\n100001,250000\n999999,1\n"


@pytest.fixture(autouse=True)
def _surroundings(settings, tmp_path, monkeypatch):
    settings.BUSINESS_DATE, settings.DATA_FOLDER = date(2026, 11, 23), tmp_path
    monkeypatch.setattr(nightly, "PAUSES", (0,))


@pytest.fixture
def run():
    entity = make_entity()
    make_customers("100001")
    return NightlyRun.objects.create(legal_entity=entity, as_of=DAY, file_name="a.csv", file_size=len(FILE))


def night(run) -> NightlyRun:
    run_night(run.pk, source=partial(io.BytesIO, FILE))
    run.refresh_from_db()
    return run


def lose_the_next_commit(monkeypatch, *, committed: bool) -> list:
    """The night's commit goes through, or does not, and nobody is told; what is in the list then has happened."""
    connection, succeed, lost = connections["owner"], night_report.succeed, []

    def losing():
        monkeypatch.undo()
        lost.append(connection._commit() if committed else connection._rollback())
        raise OperationalError("server closed the connection unexpectedly")

    def then_lose(run, **columns):
        succeed(run, **columns)
        monkeypatch.setattr(connection, "_commit", losing)

    monkeypatch.setattr(night_report, "succeed", then_lose)
    return lost


@pytest.mark.parametrize("committed", [True, False])
def test_rejects_of_a_commit_that_nobody_knows_of_are_kept(run, committed):
    """Committed, the run names them; not committed, the night begins again and writes them anew."""
    with pytest.MonkeyPatch.context() as patch:
        lost = lose_the_next_commit(patch, committed=committed)
        done = night(run)
    assert len(lost) == 1
    assert (done.status, rejects_of(done)) == ("succeeded", [(3, "unknown_customer")])


def test_rejects_of_a_night_that_failed_are_forgotten(run, monkeypatch, tmp_path):
    def failing(*args, **columns):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(night_report, "succeed", failing)
    with pytest.raises(RuntimeError):
        night(run)
    assert list((tmp_path / "uploads").iterdir()) == []
