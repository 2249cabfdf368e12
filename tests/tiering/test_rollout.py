"""The rollout plan: who plans, who reports, what waits for what, what is late, and two acts at once."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_entity, make_staff, sign_in
from tests.tiering.standing import make_standing
from tiering.enums import Tier
from tiering.models import RolloutPlan, RolloutStep
from tiering.selectors.roster_page import branch_roster
from tiering.services.rosters import Place, keep_roster

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
API = "/api/v1/tiering"
DAYS = {
    "rosters_due_on": "2026-11-20",
    "system_due_on": "2026-11-24",
    "users_due_on": "2026-12-20",
    "go_live_on": "2027-01-31",
}


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def head():
    return make_staff("headoffice", position="head_office", branch=make_branch().parent)


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager", name="方砚")


def post(by, address: str, body=None):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return sign_in(by).post(f"{API}/{address}", text, content_type="application/json")


def plan(by, code="001", **changes):
    return post(by, f"branches/{code}/rollout/", DAYS | changes)


def done(by, step: int, code="001"):
    answer = post(by, f"branches/{code}/rollout/{step}/done/", {})
    return answer.status_code, answer.json().get("code")


def undone(by, step: int, reason="名册有误", code="001"):
    answer = post(by, f"branches/{code}/rollout/{step}/undo/", {"reason": reason})
    return answer.status_code, answer.json().get("code")


def states(by, code="001") -> list[str]:
    rows = sign_in(by).get(f"{API}/rollout/").json()["results"]
    (found,) = [row for row in rows if row["branch"] == code]
    return [step["state"] for step in found["steps"]]


def enrol(manager) -> None:
    """Somebody for the primary seat of every tier."""
    people = {
        Tier.PRIVATE_WEALTH: make_staff(position="wealth_manager"),
        Tier.WEALTH_MANAGEMENT: make_staff(position="financial_advisor"),
        Tier.BRANCH_LEAD: manager,
        Tier.BRANCH_STAFF: make_staff(),
    }
    wanted = {tier: [Place(staff.username, 50)] for tier, staff in people.items()}
    keep_roster(branch=make_branch(), wanted=wanted, by=manager)


def test_head_office_plans_and_the_last_step_is_due_a_month_after_the_go_live(head, manager):
    answer = plan(head)
    assert answer.status_code == 200
    assert answer.json()["go_live_on"] == "2027-01-31"
    assert [step["due_on"] for step in answer.json()["steps"]] == [
        "2026-11-20",
        "2026-11-24",
        "2026-12-20",
        "2027-02-28",
    ]
    assert plan(manager).status_code == 403
    assert states(head) == ["overdue", "open", "blocked", "blocked"]
    event = AuditEvent.objects.get(action="tiering.rollout_planned")
    assert (event.actor, event.subject_label, event.detail["step_4"]) == ("headoffice", "001 城东支行", "2027-02-28")


def test_the_steps_in_their_order(head, manager):
    plan(head)
    assert done(head, 3) == (409, "step_blocked")
    assert done(manager, 1) == (409, "roster_incomplete")
    enrol(manager)
    assert done(manager, 1) == (200, None)
    assert done(manager, 1) == (409, "step_done")
    assert done(manager, 2)[0] == 403
    assert done(head, 3) == (409, "step_blocked")
    assert done(head, 2) == (200, None)
    assert done(manager, 3)[0] == 403
    assert done(head, 4) == (409, "step_blocked")
    assert done(head, 3) == (200, None)
    assert states(head) == ["done", "done", "done", "open"]
    unowned = make_standing()
    answer = post(manager, "branches/001/rollout/4/done/", {})
    assert (answer.status_code, answer.json()["code"], answer.json()["context"]["number"]) == (409, "unallocated", 1)
    unowned.owner = manager
    unowned.save(update_fields=["owner"])
    make_standing(tier=Tier.UNBANDED)
    closed = make_standing().customer
    type(closed).objects.filter(pk=closed.pk).update(status="closed")
    assert done(manager, 4) == (200, None)
    assert states(head) == ["done"] * 4
    assert branch_roster(make_branch()).reported_on == TODAY


def test_a_step_is_undone_with_a_reason_while_none_rests_on_it(head, manager):
    plan(head)
    enrol(manager)
    for by, step in ((manager, 1), (head, 2), (head, 3)):
        done(by, step)
    assert undone(head, 1) == (409, "step_blocked")
    assert undone(head, 4) == (409, "step_not_done")
    assert undone(manager, 3)[0] == 403
    for reason in ("", "  ", None, 5, "a\x00b", "\ud800", "x" * 201):
        assert undone(head, 3, reason)[0] == 400, reason
    assert undone(head, 3) == (200, None)
    assert undone(head, 1) == (200, None)
    row = RolloutStep.objects.get(step=1)
    assert (row.done_on, row.done_by, row.note) == (None, None, "名册有误")
    event = AuditEvent.objects.filter(action="tiering.rollout_step_undone").latest("pk")
    assert (event.detail["reason"], event.detail["done_on"]) == ("名册有误", "2026-11-24")


def test_new_days_leave_what_is_done(head, manager):
    plan(head)
    enrol(manager)
    done(manager, 1)
    assert plan(head, users_due_on="2027-01-10").status_code == 200
    assert states(head) == ["done", "open", "blocked", "blocked"]
    assert RolloutPlan.objects.count() == 1
    assert str(RolloutStep.objects.get(step=3).due_on) == "2027-01-10"


WRONG = (
    ({"users_due_on": "2026-11-23"}, {"users_due_on": "before_earlier_step"}),
    ({"go_live_on": "2026-12-19"}, {"go_live_on": "before_users"}),
    ({"go_live_on": "9999-12-31"}, {"go_live_on": "out_of_range"}),
    ({"rosters_due_on": "0001-01-01"}, {"rosters_due_on": "out_of_range"}),
    ({"go_live_on": "2026-02-30"}, {"go_live_on": "invalid"}),
    ({"go_live_on": None}, {"go_live_on": "null"}),
    ({"go_live_on": 20261231}, {"go_live_on": "invalid"}),
    ({"go_live_on": ["2026-12-31"]}, {"go_live_on": "invalid"}),
    ({"rosters_due_on": "\ud800"}, {"rosters_due_on": "invalid"}),
)


@pytest.mark.parametrize(("changes", "errors"), WRONG)
def test_days_that_cannot_be(head, changes, errors):
    answer = plan(head, **changes)
    assert answer.status_code == 400
    assert {field: found[0]["code"] for field, found in answer.json()["errors"].items()} == errors
    assert not RolloutPlan.objects.exists()


def test_without_a_plan_nothing_is_reported(head, manager):
    assert done(manager, 1) == (409, "not_planned")
    assert undone(head, 1) == (409, "not_planned")
    for step in (0, 5, 99999999999):
        assert done(head, step)[0] == 404
    for body in ("[]", "{", b"\xff"):
        assert post(head, "branches/001/rollout/", body).status_code == 400


def test_everybody_sees_the_branches_of_his_view(head, manager):
    below = make_branch("011", parent=make_branch())
    make_branch("002")
    foreign = make_branch("101", entity=make_entity("LX", "临溪联社"))
    deputy = make_staff(position="deputy_president", branch=make_branch())
    seen = {
        by: [row["branch"] for row in sign_in(by).get(f"{API}/rollout/").json()["results"]]
        for by in (head, deputy, manager)
    }
    assert seen == {head: ["000", "001", "011", "002"], deputy: ["001", below.code], manager: ["001"]}
    for by, code in ((manager, "002"), (deputy, "002"), (head, foreign.code)):
        assert sign_in(by).get(f"/tiering/rollout/branches/{code}/").status_code == 404
        assert sign_in(by).post(f"/tiering/rollout/branches/{code}/1/done/").status_code == 404
        assert done(by, 1, code)[0] == 404
    assert plan(head, foreign.code).status_code == 404


def test_many_branches_are_planned_at_once_by_page(head):
    make_branch("002")
    client = sign_in(head)
    typed = DAYS | {"branches": ["001", "002", "404", "a\x00b", "😀"]}
    text = client.post("/tiering/rollout/plan/", typed, follow=True).content.decode()
    assert "推行计划已保存" in text
    assert "超期 4 天" in text
    assert set(RolloutPlan.objects.values_list("branch__code", flat=True)) == {"001", "002"}
    only = client.get("/tiering/rollout/?what=overdue").content.decode()
    assert "001 城东支行" in only
    assert "000 总行</a>" not in only
    for changes in ({"branches": []}, {"go_live_on": ""}, {"go_live_on": "morgen"}, {"users_due_on": "2026-11-01"}):
        answer = client.post("/tiering/rollout/plan/", typed | changes)
        assert answer.status_code == 200
        assert 'id="errors"' in answer.content.decode()
    assert 'value="2027-01-31"' in client.get("/tiering/rollout/plan/?branch=001").content.decode()


def test_by_page_steps_are_reported_and_undone(head, manager):
    plan(head)
    client = sign_in(manager)
    refused = client.post("/tiering/rosters/001/report/", follow=True).content.decode()
    assert "名册暂不能上报" in refused
    enrol(manager)
    assert "名册已上报" in client.post("/tiering/rosters/001/report/", follow=True).content.decode()
    assert client.post("/tiering/rollout/branches/001/2/done/").status_code == 403
    client = sign_in(head)
    assert "第 2 步已完成" in client.post("/tiering/rollout/branches/001/2/done/", follow=True).content.decode()
    empty = client.post("/tiering/rollout/branches/001/2/undo/", {"reason": " "})
    assert (empty.status_code, 'id="errors"' in empty.content.decode()) == (200, True)
    text = client.post("/tiering/rollout/branches/001/2/undo/", {"reason": "升级回退"}, follow=True).content.decode()
    assert "已重新打开：升级回退" in text


def test_the_plan_as_a_workbook(head):
    plan(head)
    answer = sign_in(head).post("/tiering/rollout/export/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    (row,) = [row for row in rows if row[0] == "001 城东支行"]
    assert row[1:4] == [date(2027, 1, 31), date(2026, 11, 20), "超期 4 天"]
    assert row[6:8] == [date(2026, 12, 20), "待第 1、2 步"]
    assert AuditEvent.objects.get(action="tiering.rollout_exported").detail == {"branches": 2}


def test_the_board_asks_as_many_questions_for_three_branches_as_for_one(head):
    client, counts = sign_in(head), []
    client.get("/tiering/rollout/")
    for codes in (["001"], ["002", "003"]):
        for code in codes:
            make_branch(code)
            plan(head, code)
        with CaptureQueriesContext(connection) as found:
            client.get("/tiering/rollout/")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_what_is_no_place_in_the_list_is_its_beginning(head):
    for text in ("-1", "x", "9" * 50, "٣", "999"):
        assert sign_in(head).get("/tiering/rollout/", {"from": text}).status_code == 200


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_two_reports_at_once_one_counts():
    head = make_staff("head", position="head_office", branch=make_branch().parent)
    plan(head)
    start = Barrier(6)

    def report(_number: int):
        try:
            start.wait(30)
            return done(head, 2)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(report, range(6)), key=str)
    assert answers == [(200, None)] + [(409, "step_done")] * 5
    assert AuditEvent.objects.filter(action="tiering.rollout_step_done").count() == 1
