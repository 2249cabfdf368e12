"""What is sealed is found out when somebody gets past the triggers."""

import pytest

from tellerdesk.audit.verification import verify
from tests.databases import as_owner
from tests.factories import make_staff
from tests.training.makers import make_course, qualify
from training.services.courses import create_question, edit_course, retire_question, set_unlocks

pytestmark = pytest.mark.django_db(transaction=True)


def training_faults() -> list:
    return [(fault.where.split(":")[0], fault.kind) for fault in verify().faults if fault.where.startswith("training.")]


def test_every_service_seals_what_it_writes():
    course, by = make_course(), make_staff()
    qualify(by)
    edit_course(course=course, minutes=20, by=by)
    set_unlocks(course=course, permissions=["customers.open_customer", "tiering.set_owners"], by=by)
    options = [{"key": key, "zh": key, "en": ""} for key in "AB"]
    shape = {"kind": "single", "stem_zh": "新题", "options": options, "answer_key": ["A"]}
    retire_question(question=create_question(course=course, by=by, **shape).question, by=by)
    assert training_faults() == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("questionversion", "answer_key = '{B}'"),
        ("attempt", "score = 99"),
        ("qualification", "expires_on = '2099-01-01'"),
        ("courseunlock", "is_active = false"),
        ("course", "pass_mark = 1"),
    ],
)
def test_a_change_past_the_triggers(table, change):
    make_course()
    qualify(make_staff())
    with as_owner() as cursor:
        cursor.execute(f"ALTER TABLE training_{table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE training_{table} SET {change} WHERE id = (SELECT min(id) FROM training_{table})")
        cursor.execute(f"ALTER TABLE training_{table} ENABLE TRIGGER USER")
    assert training_faults() == [(f"training.{table}", "record_changed")]
