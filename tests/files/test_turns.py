"""One at a time for each legal entity; whoever waits says so."""

import pytest
from django.db import connections

from tellerdesk.files import turns
from tellerdesk.files.turns import alone, held_off

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SPACE, OTHER_SPACE = 7_319_001, 7_319_002


@pytest.fixture
def elsewhere():
    """Another session."""
    connection = connections["owner"].copy()
    yield connection
    connection.close()


def ask(connection, function: str, space: int = SPACE) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, 1)", [space])
        return cursor.fetchone()[0]


def test_the_lock_is_held_inside_and_let_go_after(elsewhere):
    with alone(SPACE, 1) as ours:
        assert (ours, ask(elsewhere, "pg_try_advisory_lock")) == (True, False)
    assert ask(elsewhere, "pg_try_advisory_lock")


def test_it_is_let_go_after_a_fault_too(elsewhere):
    with pytest.raises(ZeroDivisionError), alone(SPACE, 1):
        raise ZeroDivisionError
    assert ask(elsewhere, "pg_try_advisory_lock")


def test_where_another_is_at_work_it_is_not_our_turn(elsewhere):
    ask(elsewhere, "pg_try_advisory_lock")
    with alone(SPACE, 1) as ours:
        assert not ours
    with alone(SPACE, 2) as of_another_entity, alone(OTHER_SPACE, 1) as of_another_kind:
        assert (of_another_entity, of_another_kind) == (True, True)
    assert not ask(connections["owner"], "pg_try_advisory_lock")


def test_whoever_waits_says_so_until_it_is_their_turn(elsewhere, monkeypatch):
    monkeypatch.setattr(turns, "ASKED_EVERY", 0)
    ask(elsewhere, "pg_try_advisory_lock")
    said = []

    def waiting():
        said.append("waiting")
        if len(said) == 3:
            ask(elsewhere, "pg_advisory_unlock")

    with alone(SPACE, 1, waiting=waiting) as ours:
        assert (ours, len(said)) == (True, 3)


def test_a_session_that_is_lost_holds_nothing(elsewhere):
    """The server lets go when it has ended the session, a moment later."""
    with alone(SPACE, 1):
        connections["owner"].close()
    with elsewhere.cursor() as cursor:
        cursor.execute("SET lock_timeout = '10s'")
        cursor.execute("SELECT pg_advisory_lock(%s, 1)", [SPACE])


def test_who_holds_others_off_may_be_several_and_lets_nobody_be_alone(elsewhere, monkeypatch):
    monkeypatch.setattr(turns, "ASKED_EVERY", 0)
    with held_off(SPACE, 1, waiting=lambda: None):
        assert ask(elsewhere, "pg_try_advisory_lock_shared")
        ask(elsewhere, "pg_advisory_unlock_shared")
        assert not ask(elsewhere, "pg_try_advisory_lock")
    assert ask(elsewhere, "pg_try_advisory_lock")
    said = []

    def waiting():
        said.append("waiting")
        if len(said) == 2:
            ask(elsewhere, "pg_advisory_unlock")

    with held_off(SPACE, 1, waiting=waiting):
        assert len(said) == 2
