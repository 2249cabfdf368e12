"""Reading the audit: by record, person and day, within one's scope, as Chinese sentences."""

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.utils import translation

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.selectors import history_of, page_of
from tellerdesk.audit.sentences import SENTENCES, readable
from tellerdesk.audit.services import record
from tellerdesk.staff.services import accounts
from tests.factories import make_branch, make_entity, make_posting, make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return make_staff("auditor", position="auditor", branch=make_branch("000"), name="钟恪")


@pytest.fixture
def teller():
    return make_staff("teller", name="许知微")


def act(by, action="staff.logged_in", **more):
    return record(action, subject=by, by=by, **more)


def link_now():
    """A test's transaction never commits: the deferred trigger is told to run here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def actors(client, address="/audit/", **asked):
    return {line.actor for line in client.get(address, asked).context["page"].lines}


def test_events_are_sentences(auditor, teller):
    act(teller)
    assert "许知微 登录" in sign_in(auditor).get("/audit/").content.decode()


def test_an_action_nobody_registered_is_shown_by_its_name(auditor, teller):
    act(teller, "old.forgotten")
    assert "许知微 old.forgotten teller 许知微" in sign_in(auditor).get("/audit/").content.decode()


def test_an_event_without_what_its_sentence_wants_is_no_fault(auditor, teller):
    act(teller, "staff.posted", detail={"position": {"a": 1}, "branch": ["x", None]})
    assert sign_in(auditor).get("/audit/").status_code == 200


def test_a_name_at_the_beginning_stands_apart_from_what_was_done():
    with translation.override("zh-hans"):
        together = [action for action, text in SENTENCES.items() if re.match(r"%\(actor\)s[^ ]", str(text))]
    assert together == []


@pytest.mark.parametrize(
    ("field", "kept", "shown"),
    [
        ("wealth_management.floor", "≥ 200000.00", "≥ 200,000.00 元"),
        ("branch_lead.ceiling", "", "—"),
        ("branch_staff.max_age", "≤ 65", "≤ 65 岁"),
        ("private_wealth.positions", "2: wealth_manager, deputy_president", "财富经理、主管行长（须 2 人）"),
        ("scope.card_spend_year", "50000.00", "50,000.00 元"),
        ("scope.card_level", "3", "白金卡"),
        ("downgrade_grace_days", "10", "10 天"),
    ],
)
def test_what_a_policy_said_is_told_with_its_units(field, kept, shown):
    with translation.override("zh-hans"):
        assert readable("tiering.tierpolicy", field, kept) == shown


def test_sentences_follow_the_language(auditor, teller):
    act(teller)
    client = sign_in(auditor)
    client.cookies["django_language"] = "en"
    assert "许知微 logged in" in client.get("/audit/").content.decode()


def test_changes_are_told_in_the_words_of_the_form(auditor, teller):
    accounts.change_settings(by=teller, language="en", theme="dark", enter_moves=False, idle_minutes=30)
    [line] = [line for line in history_of("staff.staff", teller.pk) if line.action == "staff.settings_changed"]
    assert {(change.label, change.before, change.after) for change in line.differences} == {
        ("语言", "简体中文", "English"),
        ("外观", "跟随系统", "深色"),
        ("回车跳到下一栏", "是", "否"),
        ("无操作自动退出", "15", "30"),
    }
    assert line.changes["idle_minutes"] == [15, 30]


def test_a_history_takes_in_what_touched_the_record(teller):
    other = make_staff("other")
    record("staff.posted", subject=other, by=other, touched=[teller])
    assert [line.actor for line in history_of("staff.staff", teller.pk)] == ["other", "system", "system"]


def test_a_record_like_another_by_its_number_is_not_mixed_in(teller):
    make_staff("eleven")
    assert {line.subject_label for line in history_of("staff.staff", teller.pk)} == {"teller 许知微"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {"teller", "teller2", "system"}),
        ({"person": "teller"}, {"teller"}),
        ({"person": "TELLER"}, {"teller"}),
        ({"person": "nobody"}, set()),
        ({"record": "teller2"}, {"teller2", "system"}),
        ({"record": "teller2 何"}, {"teller2", "system"}),
        ({"record": "%"}, set()),
        ({"record": "teller2", "person": "teller2"}, {"teller2"}),
        ({"day": "2001-01-01"}, set()),
    ],
)
def test_filters(auditor, teller, asked, expected):
    act(teller), act(make_staff("teller2", name="何棠"))
    assert actors(sign_in(auditor), **asked) == expected


def test_a_day_is_a_day_of_the_banks_clock(auditor, teller):
    for hour, minute in ((15, 59), (16, 0)):
        at = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        template = act(teller)
        AuditEvent.objects.create(**_fields(template) | {"at": at})
    days = [
        AuditEvent.objects.on_day(date(2026, 11, day)).filter(actor="teller").exclude(pk=template.pk)
        for day in (24, 25)
    ]
    assert [events.filter(at__hour=23).count() for events in days] == [1, 0]
    assert [events.filter(at__hour=0).count() for events in days] == [0, 1]
    assert sign_in(auditor).get("/audit/days/2026-11-25/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/audit/days/2026-13-01/",
        "/audit/days/today/",
        "/audit/events/99999999999999999999/",
        "/audit/people/%00/",
        "/audit/records/x/%00/",
    ],
)
def test_an_address_that_is_none_is_404(auditor, address):
    assert sign_in(auditor).get(address).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"day": "24.11."}, {"before": "x"}, {"record": "\0"}, {"person": "x" * 5000}, {"before": "9" * 40}]
)
def test_nonsense_in_the_filter_is_no_fault(auditor, teller, asked):
    assert sign_in(auditor).get("/audit/", asked).status_code == 200


def test_page_by_page_each_event_once(auditor, teller):
    made = [act(teller).pk for _ in range(60)]
    client = sign_in(auditor)
    first = client.get("/audit/", {"person": "teller"})
    second = client.get(first.context["next"])
    seen = [line.pk for page in (first, second) for line in page.context["page"].lines]
    assert seen == made[::-1]
    assert (len(first.context["page"].lines), second.context["next"], second.context["first"]) == (
        50,
        "",
        "/audit/?person=teller",
    )


@pytest.mark.parametrize("events", [1, 3])
def test_a_page_asks_the_same_number_of_questions_whatever_its_length(teller, events, django_assert_num_queries):
    for _ in range(events):
        act(teller)
    with django_assert_num_queries(1):
        page_of(AuditEvent.objects.all())


def test_a_manager_reads_his_own_branch(teller):
    act(teller), act(make_staff("teller2", branch=make_branch("002")))
    manager = make_staff("manager", position="branch_manager")
    make_posting(manager, position="lobby_manager", branch=make_branch("002"))
    make_posting(manager, position="training_admin", branch=make_branch("000"))
    assert actors(sign_in(manager)) == {"teller"}


def test_another_branch_and_another_legal_entity_are_nowhere(teller):
    elsewhere = make_branch("101", entity=make_entity("LX", "临溪农信"))
    foreign = act(make_staff("stranger", branch=elsewhere))
    other_branch = act(make_staff("teller2", branch=make_branch("002")))
    readers = {
        "manager": make_staff(position="branch_manager"),
        "auditor": make_staff(position="auditor", branch=make_branch("000")),
        "head": make_staff(position="head_office", branch=make_branch("000")),
    }
    answers = {name: [seen(staff, event) for event in (foreign, other_branch)] for name, staff in readers.items()}
    assert answers == {"manager": [404, 404], "auditor": [404, 200], "head": [404, 200]}


def test_records_and_people_of_another_legal_entity_are_404(auditor):
    stranger = make_staff("stranger", branch=make_branch("101", entity=make_entity("LX", "临溪农信")))
    act(stranger)
    client = sign_in(auditor)
    pages = [client.get(f"/audit/records/staff.staff/{stranger.pk}/"), client.get("/audit/people/stranger/")]
    assert [page.status_code for page in pages] == [404, 404]
    assert actors(client, record="stranger") == set()


def test_the_events_own_page_has_its_place_in_the_chain(auditor, teller):
    event = act(teller)
    link_now()
    page = sign_in(auditor).get(f"/audit/events/{event.pk}/").content.decode()
    event = AuditEvent.objects.select_related("auditlink").get(pk=event.pk)
    assert f"001-{event.auditlink.seq}" in page
    assert bytes(event.auditlink.hash).hex()[:12] in page


def test_the_pages_of_a_record_and_of_a_person(auditor, teller):
    act(teller)
    client = sign_in(auditor)
    assert "建立工号 teller" in client.get(f"/audit/records/staff.staff/{teller.pk}/").content.decode()
    assert "许知微 登录" in client.get("/audit/people/teller/").content.decode()


def test_the_system_is_named(auditor, teller):
    assert "系统 为 许知微 建立工号 teller" in sign_in(auditor).get("/audit/").content.decode()


def seen(staff, event) -> int:
    return sign_in(staff).get(f"/audit/events/{event.pk}/").status_code


def _fields(event) -> dict:
    names = ("entity", "branch", "actor", "actor_name", "action", "subject_type", "subject_id", "subject_label")
    return {name: getattr(event, name) for name in names}
