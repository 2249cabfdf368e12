from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tellerdesk.core.errors import DomainError
from tellerdesk.staff.errors import (
    AlreadyPosted,
    AnotherEntity,
    OwnAccount,
    PostingBackdated,
    PostingOver,
    StaffInactive,
)
from tellerdesk.staff.models import Posting
from tellerdesk.staff.selectors import postings_of
from tellerdesk.staff.services import accounts
from tellerdesk.staff.services.postings import end_posting, move_staff, post_staff
from tests.factories import make_branch, make_entity, make_staff, sign_in

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_branch("000"))


@pytest.fixture
def teller():
    return make_staff("teller")


def standing(staff):
    staff.__dict__.pop("postings_now", None)
    return [(posting.position, posting.branch.code) for posting in staff.postings_now]


def post(staff, by, **changed):
    given = {"position": "supervisor", "branch": make_branch("002"), "since": TODAY}
    return post_staff(staff=staff, **given | changed, by=by)


def test_several_postings_stand_beside_each_other(head, teller):
    post(teller, head)
    assert standing(teller) == [("teller", "001"), ("supervisor", "002")]


def test_a_posting_to_come_counts_from_its_first_day_to_its_last(head, teller, settings):
    post(teller, head, since=TODAY + DAY, until=TODAY + 2 * DAY)
    found = []
    for day in range(4):
        settings.BUSINESS_DATE = TODAY + day * DAY
        found.append(len(standing(teller)))
    assert found == [1, 2, 2, 1]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"since": TODAY - DAY}, PostingBackdated),
        ({"until": TODAY - DAY}, PostingBackdated),
        ({"position": "teller", "branch": "001"}, AlreadyPosted),
        ({"position": "teller", "branch": "001", "since": TODAY + 30 * DAY}, AlreadyPosted),
    ],
)
def test_what_a_posting_may_not_be(head, teller, changed, error):
    if "branch" in changed:
        changed = changed | {"branch": make_branch(changed["branch"])}
    with pytest.raises(error):
        post(teller, head, **changed)
    assert Posting.objects.filter(staff=teller).count() == 1


def test_nobody_gives_himself_a_position(head):
    with pytest.raises(OwnAccount):
        post(head, head)
    with pytest.raises(OwnAccount):
        move_staff(posting=head.posting, position="auditor", branch=make_branch(), since=TODAY, by=head)


def test_nobody_deactivated_is_posted(head, teller):
    accounts.deactivate_staff(staff=teller, reason="离职", by=head)
    with pytest.raises(StaffInactive):
        post(teller, head)


def test_never_across_legal_entities(head, teller):
    elsewhere = make_branch("101", entity=make_entity("LX", "临溪农信"))
    stranger = make_staff("stranger", branch=elsewhere)
    for staff, branch in ((teller, elsewhere), (stranger, make_branch()), (stranger, elsewhere)):
        with pytest.raises(AnotherEntity):
            post(staff, head, branch=branch)


def test_the_database_refuses_it_as_well(teller):
    elsewhere = make_branch("101", entity=make_entity("LX", "临溪农信"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(staff=teller, position="teller", branch=elsewhere, since=TODAY)


def test_the_last_day_still_counts(head, teller, settings):
    end_posting(posting=teller.posting, last_day=TODAY, by=head)
    before = standing(teller)
    settings.BUSINESS_DATE = TODAY + DAY
    assert (before, standing(teller)) == ([("teller", "001")], [])


def test_with_yesterday_it_is_over_at_once(head, teller):
    end_posting(posting=teller.posting, last_day=TODAY - DAY, by=head)
    assert standing(teller) == []


def test_an_end_is_not_dated_back_and_not_put_off(head, teller):
    posting = teller.posting
    with pytest.raises(PostingBackdated):
        end_posting(posting=posting, last_day=TODAY - 2 * DAY, by=head)
    end_posting(posting=posting, last_day=TODAY + DAY, by=head)
    with pytest.raises(PostingBackdated):
        end_posting(posting=posting, last_day=TODAY + 5 * DAY, by=head)


def test_what_is_over_is_over(head, teller):
    posting = teller.posting
    end_posting(posting=posting, last_day=TODAY - DAY, by=head)
    with pytest.raises(PostingOver):
        end_posting(posting=posting, last_day=TODAY, by=head)


def test_a_posting_to_come_is_called_off_and_may_be_made_again(head, teller):
    posting = post(teller, head, since=TODAY + 10 * DAY)
    end_posting(posting=posting, last_day=TODAY, by=head)
    assert [(line.posting.position, line.standing) for line in postings_of(teller)] == [("teller", "now")]
    post(teller, head, since=TODAY + 9 * DAY)
    assert [line.standing for line in postings_of(teller)] == ["to_come", "now"]


def test_a_move_ends_one_and_begins_the_other_in_one_act(head, teller):
    move_staff(posting=teller.posting, position="teller", branch=make_branch("002"), since=TODAY, by=head)
    assert standing(teller) == [("teller", "002")]
    assert [line.standing for line in postings_of(teller)] == ["now", "over"]


def test_a_move_that_fails_moves_nothing(head, teller):
    post(teller, head, position="teller", branch=make_branch("002"))
    with pytest.raises(AlreadyPosted):
        move_staff(posting=teller.posting, position="teller", branch=make_branch("002"), since=TODAY, by=head)
    assert standing(teller) == [("teller", "001"), ("teller", "002")]


def test_moved_the_scope_moves_along(head):
    manager = make_staff("manager", position="branch_manager")
    before, there = make_staff("before"), make_staff("there", branch=make_branch("002"))
    move_staff(posting=manager.posting, position="branch_manager", branch=make_branch("002"), since=TODAY, by=head)
    client = sign_in(manager)
    pages = [client.get(f"/staff/people/{staff.username}/").status_code for staff in (before, there)]
    assert pages == [404, 200]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_post_a_person_once(head, teller):
    branch = make_branch("002")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _post_in_a_thread(teller, branch, head), range(8)))
    assert sorted(answers) == ["already_posted"] * 7 + ["posted"]


def _post_in_a_thread(staff, branch, by):
    try:
        post_staff(staff=staff, position="supervisor", branch=branch, since=TODAY, by=by)
        return "posted"
    except DomainError as error:
        return error.code
    finally:
        connection.close()
