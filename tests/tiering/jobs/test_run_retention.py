import pytest
from django.utils import timezone

from tellerdesk.files.errors import StoredFileBroken
from tellerdesk.files.storage import keep, open_stored
from tests.factories import make_entity
from tests.tiering.sending import DAY
from tiering.jobs.run_retention import KEPT_REJECTS, KEPT_UPLOADS, forget_old_files
from tiering.models import NightlyRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def made(finished_at) -> NightlyRun:
    files = {"stored": keep([b"sent"]).name, "rejects_stored": keep([b"rejected"]).name}
    about = {"legal_entity": make_entity(), "as_of": DAY, "file_name": "a.csv"}
    return NightlyRun.objects.create(finished_at=finished_at, **about, **files)


def kept(run: NightlyRun) -> list[bool]:
    return [is_there(run.stored), is_there(run.rejects_stored)]


def is_there(name: str) -> bool:
    try:
        open_stored(name).close()
    except StoredFileBroken:
        return False
    return True


@pytest.mark.parametrize(
    ("age", "left"),
    [(None, [True, True]), (KEPT_UPLOADS * 0.9, [True, True]), (KEPT_UPLOADS * 1.1, [False, True]),
     (KEPT_REJECTS * 1.1, [False, False])],
    ids=["not over", "fresh", "a week", "a month"],
)  # fmt: skip
def test_files_go_by_their_age(age, left):
    run = made(age and timezone.now() - age)
    forget_old_files()
    assert kept(run) == left
    now = NightlyRun.objects.get(pk=run.pk)
    assert [bool(now.stored), bool(now.rejects_stored)] == left
