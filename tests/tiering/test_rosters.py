"""Rosters: who may stand on them, what is kept, what page and interface answer, and two managers at once."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.sentences import sentence
from tests.factories import make_branch, make_entity, make_posting, make_staff, sign_in
from tests.tiering.standing import make_owner, make_standing
from tiering.enums import Tier
from tiering.models import RosterEntry
from tiering.selectors.rosters import capacity_lines, tiers_without_people

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
URL = "/api/v1/tiering/branches/001/roster/"
STAFF, LEAD, PRIVATE = "branch_staff", "branch_lead", "private_wealth"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def manager():
    return make_staff("manager", position="branch_manager", name="方砚")


def place(staff, capacity=50) -> dict:
    return {"staff": getattr(staff, "username", staff), "capacity": capacity}


def send(by, body, url=URL):
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return sign_in(by).post(url, text, content_type="application/json")


def entries(by, tier: str, url=URL) -> dict[str, tuple]:
    tiers = sign_in(by).get(url).json()["tiers"]
    (found,) = [each for each in tiers if each["tier"] == tier]
    return {each["staff"]: (each["capacity"], each["load"], each["free"], each["fits"]) for each in found["entries"]}


def test_a_roster_is_set_whole_and_former_entries_are_kept(manager):
    one, two, three = (make_staff(name) for name in ("one", "two", "three"))
    assert send(manager, {STAFF: [place(one), place(two)]}).status_code == 200
    assert send(manager, {STAFF: [place(one, 80), place(three)]}).status_code == 200
    assert entries(manager, STAFF) == {"one": (80, 0, 80, True), "three": (50, 0, 50, True)}
    rows = RosterEntry.objects.order_by("pk").values_list("staff__username", "capacity", "until")
    assert list(rows) == [("one", 50, TODAY), ("two", 50, TODAY), ("one", 80, None), ("three", 50, None)]
    event = AuditEvent.objects.filter(action="tiering.roster_kept").latest("pk")
    assert (event.detail["begun"], event.detail["ended"]) == ({"one": 80, "three": 50}, {"two": 50, "one": 50})
    assert "城东支行" in sentence(event)
    assert "潜力" in sentence(event)


def test_the_same_again_writes_nothing(manager):
    body = {STAFF: [place(make_staff("one"))], LEAD: [place(manager)]}
    send(manager, body)
    assert send(manager, body).status_code == 200
    assert RosterEntry.objects.count() == 2
    assert AuditEvent.objects.filter(action="tiering.roster_kept").count() == 2


def test_what_a_get_gives_is_taken_back_as_it_is(manager):
    """With somebody who does not fit any more: he stays, as he was, until the manager takes him off."""
    one, two = make_staff("one"), make_staff("two")
    send(manager, {STAFF: [place(one), place(two)], LEAD: [place(manager)]})
    one.is_active = False
    one.save()
    shown = sign_in(manager).get(URL).json()
    answer = send(manager, shown)
    assert (answer.status_code, answer.json()) == (200, shown)
    assert AuditEvent.objects.filter(action="tiering.roster_kept").count() == 2
    (staff,) = [each for each in shown["tiers"] if each["tier"] == STAFF]
    staff["entries"] = [each | {"capacity": 70} for each in staff["entries"] if each["staff"] == "two"]
    assert send(manager, {"tiers": [staff]}).status_code == 200
    assert entries(manager, STAFF) == {"two": (70, 0, 70, True)}
    assert entries(manager, LEAD).keys() == {"manager"}


def test_a_tier_left_out_stays_and_an_empty_one_ends(manager):
    send(manager, {STAFF: [place(make_staff("one"))], LEAD: [place(manager)]})
    assert send(manager, {LEAD: []}).status_code == 200
    assert (entries(manager, STAFF).keys(), entries(manager, LEAD)) == ({"one"}, {})


def test_load_is_of_the_branch_and_tier_alone_as_primary_or_co_owner(manager):
    one = make_staff("one")
    make_standing(owner=one)
    make_owner(make_standing(owner=manager, position="branch_manager"), one, is_primary=False)
    make_standing(owner=one, tier=Tier.BRANCH_LEAD)
    elsewhere = make_staff(position="supervisor", branch=make_branch("002"))
    make_standing(owner=one, by=elsewhere)
    send(manager, {STAFF: [place(one, 3)]})
    assert entries(manager, STAFF) == {"one": (3, 2, 1, True)}
    (line,) = capacity_lines([make_branch().pk])
    assert (line.branch.code, line.tier, line.staff, line.capacity, line.load) == ("001", Tier.BRANCH_STAFF, one, 3, 2)


def test_who_serves_the_branch_from_above_may_stand_on_it_others_may_not(manager):
    head = make_branch().parent
    wealth = make_staff("wealth", position="wealth_manager", branch=head)
    president = make_staff("president", position="branch_president", branch=head)
    assert send(manager, {PRIVATE: [place(wealth)]}).status_code == 200
    refused = send(manager, {PRIVATE: [place(wealth), place(president)]})
    assert (refused.status_code, refused.json()["code"], refused.json()["context"]["why"]) == (
        409,
        "not_eligible",
        "position",
    )
    assert entries(manager, PRIVATE).keys() == {"wealth"}


def test_deactivated_and_moved_people_are_shown_as_no_longer_fitting(manager):
    one, two = make_staff("one"), make_staff("two")
    send(manager, {STAFF: [place(one), place(two)]})
    one.is_active = False
    one.save()
    two.posting_set.update(until=TODAY - timedelta(days=1))
    make_posting(two, position="teller", branch=make_branch("002"))
    assert entries(manager, STAFF) == {"one": (50, 0, 0, False), "two": (50, 0, 0, False)}
    assert send(manager, {STAFF: [place(one, 51)]}).json()["context"]["why"] == "deactivated"
    text = sign_in(manager).get("/tiering/rosters/").content.decode()
    assert "已停用" in text
    assert "已不在本网点该岗位" in text
    assert Tier.BRANCH_STAFF in tiers_without_people(make_branch())


WRONG = (
    ({STAFF: [{"staff": "one"}]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", 0)]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", 100_000)]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", 10**400)]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", True)]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", "5")]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("one", 1.5)]}, f"{STAFF}.0.capacity"),
    ({STAFF: [place("")]}, f"{STAFF}.0.staff"),
    ({STAFF: [place("nobody")]}, f"{STAFF}.0.staff"),
    ({STAFF: [place("柜员")]}, f"{STAFF}.0.staff"),
    ({STAFF: [place("\ud800")]}, f"{STAFF}.0.staff"),
    ({STAFF: [place("a\u0000b")]}, f"{STAFF}.0.staff"),
    ({STAFF: [place("one"), place("one")]}, f"{STAFF}.1.staff"),
    ({STAFF: [place("foreign")]}, f"{STAFF}.0.staff"),
    ({STAFF: ["one"]}, f"{STAFF}.0"),
    ({STAFF: {"staff": "one"}}, STAFF),
    ({STAFF: None}, STAFF),
    ({"unbanded": []}, "unbanded"),
    ({"\ud800": []}, "?"),
)


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_what_is_wrong_is_said_by_its_place(manager, body, field):
    make_staff("one")
    make_staff("foreign", branch=make_branch("101", entity=make_entity("LX", "临溪联社")))
    answer = send(manager, body)
    assert answer.status_code == 400, answer.content
    assert any(name.startswith(field) for name in answer.json()["errors"]), answer.json()
    assert not RosterEntry.objects.exists()


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{", b"\xff", '{"branch_staff": [[]]}'])
def test_what_is_no_roster_at_all_is_400(manager, body):
    assert send(manager, body).status_code == 400


def test_branches_of_others(manager):
    make_branch("002")
    make_branch("101", entity=make_entity("LX", "临溪联社"))
    deputy = make_staff(position="deputy_president", branch=make_branch())
    for by in (manager, deputy):
        for code in ("002", "101", "000", "999"):
            assert sign_in(by).get(URL.replace("001", code)).status_code == 404
            assert send(by, {}, URL.replace("001", code)).status_code == 404
            assert sign_in(by).get("/tiering/rosters/", {"branch": code}).status_code == 404
            assert sign_in(by).post(f"/tiering/rosters/{code}/branch_staff/", {}).status_code == 404
    for text in ("a\x00b", "城东", "x" * 300):
        assert sign_in(manager).get("/tiering/rosters/", {"branch": text}).status_code == 404
    below = make_branch("011", parent=make_branch())
    assert sign_in(deputy).get(URL.replace("001", below.code)).status_code == 200


def test_whoever_is_above_the_branches_begins_with_one_that_has_people():
    def begun_with() -> str:
        return sign_in(above).get("/tiering/rosters/").context["branch"].code

    above = make_staff(position="head_office", branch=make_branch("000"))
    make_branch("003")
    assert begun_with() == "000", "nobody stands anywhere who could be put on"
    make_staff(branch=make_branch("004"))
    assert begun_with() == "004"
    send(above, {STAFF: [place(make_staff(branch=make_branch("005")))]}, URL.replace("001", "005"))
    assert begun_with() == "005", "the first that keeps a roster comes before the first that could"


def test_by_page_somebody_is_put_on_changed_and_taken_off(manager):
    make_staff("one", name="许知微")
    client = sign_in(manager)
    page = client.post("/tiering/rosters/001/branch_staff/", {"staff": "one", "capacity": "40"}, follow=True)
    assert "名册已更新" in page.content.decode()
    client.post("/tiering/rosters/001/branch_staff/", {"staff": "one", "capacity": "60", "change": "1"})
    assert entries(manager, STAFF) == {"one": (60, 0, 60, True)}
    text = client.get("/tiering/rosters/").content.decode()
    assert "已维护 0 户 / 容量 60 户，余 60 户" in text
    assert "历史记录" in text
    client.post("/tiering/rosters/001/branch_staff/end/", {"staff": "one"})
    assert entries(manager, STAFF) == {}
    assert client.post("/tiering/rosters/001/branch_staff/end/", {"staff": "one"}).status_code == 302


@pytest.mark.parametrize("change", [{}, {"change": "1"}])
@pytest.mark.parametrize(
    "typed",
    [
        {"staff": "one", "capacity": "0"},
        {"staff": "one", "capacity": "100000"},
        {"staff": "one", "capacity": "٣"},
        {"staff": "one", "capacity": "9" * 5000},
        {"staff": "one", "capacity": "-5"},
        {"staff": "one", "capacity": ""},
        {"staff": "", "capacity": "5"},
        {"staff": "a\x00b", "capacity": "5"},
        {"staff": "😀", "capacity": "5"},
        {"staff": "manager", "capacity": "5"},
        {},
    ],
)
def test_what_is_wrong_stands_on_the_page(manager, typed, change):
    make_staff("one")
    answer = sign_in(manager).post("/tiering/rosters/001/branch_staff/", typed | change)
    assert answer.status_code == 200
    assert 'id="errors"' in answer.content.decode()
    assert not RosterEntry.objects.exists()


def test_a_capacity_that_cannot_be_read_stays_in_its_row(manager):
    teller = make_staff("one")
    client = sign_in(manager)
    client.post("/tiering/rosters/001/branch_staff/", {"staff": teller.username, "capacity": "40"})
    sent = {"staff": teller.username, "capacity": "4o", "change": "1"}
    text = client.post("/tiering/rosters/001/branch_staff/", sent).content.decode()
    assert 'href="#c-branch_staff-one-capacity"' in text
    assert 'id="c-branch_staff-one-capacity" name="capacity" value="4o"' in text


def test_a_tier_without_owners_has_no_roster(manager):
    for tier in ("unbanded", "out_of_scope", "x"):
        assert sign_in(manager).post(f"/tiering/rosters/001/{tier}/", {}).status_code == 404


def test_the_roster_as_a_workbook(manager):
    send(manager, {STAFF: [place(make_staff("one", name="许知微"), 70)]})
    answer = sign_in(manager).post("/tiering/rosters/001/export/")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[-1][1:7] == ["许知微", "one", "柜员", 0, 70, 70]
    assert AuditEvent.objects.filter(action="tiering.roster_exported", actor="manager").count() == 1


def test_a_page_asks_as_many_questions_for_three_as_for_one(manager):
    client, counts = sign_in(manager), []
    client.get("/tiering/rosters/")
    for number in (1, 3):
        send(manager, {STAFF: [place(make_staff()) for _ in range(number)]})
        with CaptureQueriesContext(connection) as found:
            client.get("/tiering/rosters/")
        counts.append(len(found))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_managers_at_once_leave_one_roster():
    managers = [make_staff(f"m{number}", position="branch_manager") for number in range(2)]
    people = [make_staff(f"t{number}").username for number in range(4)]
    start = Barrier(8)

    def keep(number: int) -> int:
        try:
            start.wait(30)
            chosen = [people[number % 4], people[(number + 1) % 4]]
            return send(managers[number % 2], {STAFF: [place(each, number + 1) for each in chosen]}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(keep, range(8))) == {200}
    rows = RosterEntry.objects.current()
    assert rows.count() == 2
    assert len({row.capacity for row in rows}) == 1
