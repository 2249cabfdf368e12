"""The veto: missing, lapsed, held, and who is not helped by any course."""

from datetime import date

import pytest

from tellerdesk.staff.enums import Position
from tests.factories import make_staff
from tests.training.makers import qualify
from training.models import CourseUnlock
from training.selectors import courses_that_unlock
from training.services.courses import set_unlocks

pytestmark = pytest.mark.django_db
OPEN = "customers.open_customer"


def anew(staff):
    """As the next request reads the person."""
    return type(staff).objects.select_related("legal_entity").get(pk=staff.pk)


def test_the_course_and_the_position_are_both_needed(course):
    teller, lobby = make_staff(), make_staff(position=Position.LOBBY_MANAGER)
    before = [staff.has_perm(OPEN) for staff in (teller, lobby)]
    for staff in (teller, lobby):
        qualify(staff)
    assert before == [False, False]
    assert [anew(staff).has_perm(OPEN) for staff in (teller, lobby)] == [True, False]


def test_a_pass_counts_in_the_same_request(course):
    teller = make_staff()
    assert not teller.has_perm(OPEN)
    qualify(teller)
    assert teller.has_perm(OPEN)


def test_what_no_course_stands_before_is_left_alone(course):
    assert make_staff().has_perm("customers.look_up")


def test_the_last_day_holds_and_the_next_does_not(course, settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)
    teller = make_staff()
    qualify(teller)
    held = []
    for settings.BUSINESS_DATE in (date(2027, 11, 23), date(2027, 11, 24)):
        held.append(anew(teller).has_perm(OPEN))
    assert held == [True, False]


def test_the_refusal_names_the_course_and_the_day_it_lapsed(course, settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)
    teller = make_staff()
    never = courses_that_unlock(OPEN, teller)
    qualify(teller)
    while_held = courses_that_unlock(OPEN, teller)
    settings.BUSINESS_DATE = date(2028, 1, 1)
    lapsed = courses_that_unlock(OPEN, anew(teller))
    named = {"code": "counter-cif", "title": "柜面个人客户信息新建与维护", "url": "/training/courses/counter-cif/"}
    assert never == [named | {"lapsed_on": None}]
    assert while_held == []
    assert lapsed == [named | {"lapsed_on": date(2027, 11, 23)}]


def test_no_course_helps_who_lacks_the_position(course):
    assert courses_that_unlock(OPEN, make_staff(position=Position.LOBBY_MANAGER)) == []


def test_an_unlock_taken_back_opens_the_way(course):
    teller = make_staff()
    set_unlocks(course=course, permissions=["customers.approve_amendment"], by=teller)
    assert anew(teller).has_perm(OPEN)
    assert CourseUnlock.objects.filter(course=course).count() == 6


def test_one_query_for_all_permissions_of_a_request(course, django_assert_num_queries):
    teller = anew(make_staff())
    teller.postings_now  # noqa: B018 - read once per request, by whoever is first
    with django_assert_num_queries(1):
        [teller.has_perm(name) for name in (OPEN, "customers.check_identity", "training.take_course")]
