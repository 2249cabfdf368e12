"""Pages read from a streaming replica, a real one: everybody reads back what he wrote, whatever the replica is at."""

import io
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from customers.models import Look
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core import replicas
from tellerdesk.staff import own_writes
from tellerdesk.staff.models import LastWrite
from tellerdesk.staff.services.tokens import issue_token
from tests.factories import make_qualified, make_staff, sign_in
from tests.tiering.standing import make_standing
from tests.training.makers import make_course
from tiering.models import SnapshotDay, TierAssignment
from tiering.selectors.policies import policy_row

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "replica"])


@pytest.fixture(autouse=True)
def _today(settings, monkeypatch):
    settings.BUSINESS_DATE = date(2026, 11, 24)
    monkeypatch.setattr(replicas, "_known", replicas._Known())


@pytest.fixture
def manager():
    make_course()
    return make_qualified(make_staff("manager", position="branch_manager", name="方砚"))


def page_of(standing) -> str:
    return f"/tiering/customers/{standing.customer.customer_number}/"


@contextmanager
def tables_asked(alias: str):
    """The statements of a connection that read or write what may be read from a replica."""
    found = []
    with CaptureQueriesContext(connections[alias]) as said:
        yield found
    found += [query["sql"] for query in said if "tiering_" in query["sql"]]


def body(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def sheet(answer) -> str:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return str(workbook.get_sheet_by_index(0).to_python())


def set_owner(client, standing, owner) -> None:
    sent = {"owner": owner.username, "reason": "客户经理交接"}
    assert client.post(f"{page_of(standing)}owners/", sent).status_code == 302


def test_a_page_is_read_from_the_replica_and_its_look_written_to_the_primary(replica, manager):
    standing = make_standing()
    client = sign_in(manager)
    replica.catch_up()
    with tables_asked("replica") as there, tables_asked("default") as here:
        body(client, page_of(standing))
    assert there
    assert not here
    assert Look.objects.get().customer_id == standing.customer_id


def test_boards_and_lists_of_the_managers_are_read_from_the_replica(replica, manager):
    """Their tables alone: whether a session or a course is there is asked on the primary."""
    make_standing(owner=manager, position="branch_manager")
    client = sign_in(manager)
    replica.catch_up()
    pages = ("rosters/", "rollout/branches/001/", "concentration/", "concentration/customers/")
    programs = ("branches/001/roster/", "rollout/", "branches/001/rollout/", "concentration/")
    addresses = [f"/tiering/{each}" for each in (*pages, "adoption/batches/")]
    addresses += [f"/api/v1/tiering/{each}" for each in (*programs, "owner-batches/")]
    for address in addresses:
        with tables_asked("replica") as there, tables_asked("default") as here:
            body(client, address)
        assert (address, bool(there), here) == (address, True, [])


def test_what_one_wrote_is_read_back_and_what_others_wrote_may_come_later(replica, manager):
    """The replica stands still: the manager sees the owner he set, his colleague the state before, on one page."""
    standing, owner = make_standing(), make_staff("owner", name="许知微")
    colleague, client = sign_in(make_staff("colleague", name="程小满")), sign_in(manager)
    body(colleague, page_of(standing))
    replica.catch_up()
    with replica.paused():
        set_owner(client, standing, owner)
        with tables_asked("replica") as there:
            assert "许知微" in body(client, page_of(standing))
        assert not there
        assert "许知微" not in body(colleague, page_of(standing))
    replica.catch_up()
    with tables_asked("replica") as there, tables_asked("default") as here:
        assert "许知微" in body(client, page_of(standing))
        assert "许知微" in body(colleague, page_of(standing))
    assert there
    assert not here


def test_it_holds_for_every_login_and_token_of_the_person(replica, manager):
    standing, owner = make_standing(), make_staff("owner", name="许知微")
    tier = f"/api/v1/customers/{standing.customer.customer_number}/tier/"
    key = issue_token(by=manager).key
    bearer = {"Authorization": f"Token {key}"}
    replica.catch_up()
    with replica.paused():
        sent = {"owner": owner.username, "reason": "客户经理交接"}
        address = tier.replace("/tier/", "/owners/")
        posted = Client().post(address, sent, content_type="application/json", headers=bearer)
        assert posted.status_code == 200
        assert Client().get(tier, headers=bearer).json()["owners"]
        assert "许知微" in body(sign_in(manager), page_of(standing))
        assert not sign_in(make_staff()).get(tier).json()["owners"]
    replica.catch_up()
    with tables_asked("replica") as there:
        assert Client().get(tier, headers=bearer).json()["owners"]
    assert there


def test_a_replica_that_lags_is_not_read_from(replica, manager, settings, caplog):
    settings.REPLICA_MAY_LAG = 0
    standing = make_standing()
    client = sign_in(manager)
    replica.catch_up()
    with replica.paused():
        TierAssignment.objects.filter(pk=standing.pk).update(aum=7_654_321_00)
        for _time in range(2):
            assert "7,654,321.00" in body(client, page_of(standing))
    assert [record.getMessage() for record in caplog.records if record.name == "tellerdesk.replica"] == [
        "The replica is not read from: lags"
    ]


def test_a_replica_that_stops_leaves_the_pages_answering(replica, manager, caplog):
    standing = make_standing()
    client = sign_in(manager)
    replica.catch_up()
    with tables_asked("replica") as there:
        body(client, page_of(standing))
    assert there
    replica.stop()
    try:
        for _time in range(2):
            assert "方砚" in body(client, page_of(standing))
    finally:
        replica.start()
    told = [record.getMessage() for record in caplog.records if record.name == "tellerdesk.replica"]
    assert len(told) == 1
    replicas._known.asked_again_at = 0
    replica.catch_up()
    with tables_asked("replica") as there:
        body(client, page_of(standing))
    assert there


def test_one_that_breaks_in_the_middle_of_a_page_is_left_for_the_primary(replica, manager, monkeypatch):
    """Its answer is cut off where replay needs what a page still reads: the page is read once more."""
    standing = make_standing()
    client = sign_in(manager)
    replica.catch_up()
    judged = own_writes._is_current

    def cut_off_after(staff):
        answer = judged(staff)
        with connections["replica"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            replica.say(f"SELECT pg_terminate_backend({cursor.fetchone()[0]})")
        return answer

    monkeypatch.setattr(own_writes, "_is_current", cut_off_after)
    with tables_asked("default") as here:
        assert standing.customer.customer_number in body(client, page_of(standing))
    assert here


def test_a_sheet_is_read_from_the_replica_as_of_one_moment(replica, manager):
    standing = make_standing()
    SnapshotDay.objects.using("owner").create(
        legal_entity_id=standing.legal_entity_id,
        as_of=date(2026, 11, 23),
        table_name="x",
        policy_id=policy_row(standing.legal_entity_id, date(2026, 11, 23)).pk,
        lines=1,
        moved_standing=True,
    )
    client = sign_in(manager)
    replica.catch_up()
    with tables_asked("replica") as there, tables_asked("default") as here:
        answer = client.post("/tiering/customers/export/")
        assert standing.customer.customer_number in sheet(answer)
    assert any("tiering_tierassignment" in statement for statement in there)
    assert not here
    assert AuditEvent.objects.filter(action="tiering.list_exported").exists()


def test_a_primary_in_its_place_is_no_replica(replica, manager, caplog):
    """Promoted, or the address of the primary itself: nobody could say how far it follows."""
    connections["replica"].close()
    connections["replica"].settings_dict["HOST"] = connections["owner"].settings_dict["HOST"]
    client = sign_in(manager)
    with tables_asked("default") as here:
        body(client, "/tiering/")
    assert here
    assert "is no replica" in caplog.text


def test_reading_notes_no_write_and_writing_one_for_the_person(replica, manager):
    client = sign_in(manager)
    body(client, "/tiering/")
    assert not LastWrite.objects.exists()
    standing = make_standing()
    body(client, page_of(standing))  # a look is a write
    first = LastWrite.objects.get()
    assert first.staff == manager
    body(client, page_of(standing))
    set_owner(client, standing, make_staff("owner"))
    assert LastWrite.objects.get().log_position > first.log_position
