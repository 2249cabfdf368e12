import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from tellerdesk.shell import Shell
from tellerdesk.staff.enums import Position, Theme
from tests.factories import make_posting, make_qualified, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_chinese():
    with translation.override("zh-hans"):
        yield


def shell_of(staff, path="/", **cookies):
    request = RequestFactory().get(path)
    request.user = staff
    request.COOKIES |= cookies
    return Shell(request)


def labels(shell):
    return [item.label for group in shell.navigation for item in group.items]


def test_the_spine_shows_what_the_position_may_use():
    teller = labels(shell_of(make_staff(position=Position.TELLER)))
    auditor = labels(shell_of(make_staff(position=Position.AUDITOR)))
    assert [label in teller for label in ("客户档案", "课程与测试", "审计", "员工")] == [True, True, False, False]
    assert [label in auditor for label in ("客户档案", "课程与测试", "审计", "员工")] == [True, True, True, True]


def test_the_longest_address_is_where_one_is():
    staff = make_staff(position=Position.TRAINING_ADMIN)
    here = [
        item.url
        for group in shell_of(staff, "/training/manage/counter-cif/").navigation
        for item in group.items
        if item.current
    ]
    assert here == ["/training/manage/"]


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/customers/looks/", "/audit/"),
        ("/customers/looks/maker/", "/audit/"),
        ("/customers/lists/decided/", "/customers/review/"),
        ("/customers/lists/decided/day-totals/", "/customers/review/"),
        ("/customers/123/", "/customers/"),
        ("/", "/"),
    ],
)
def test_a_page_without_a_place_of_its_own_belongs_to_another(path, here):
    staff = make_staff(position=Position.BRANCH_MANAGER)
    make_posting(make_qualified(staff), position=Position.AUDITOR, branch=staff.branch)
    found = [item.url for group in shell_of(staff, path).navigation for item in group.items if item.current]
    assert found == [here]


def test_a_page_that_is_refused_belongs_to_no_other():
    groups = shell_of(make_staff(position=Position.TELLER), "/tiering/adoption/pool/").navigation
    assert [item.url for group in groups for item in group.items if item.current] == []


def test_a_transaction_behind_a_course_names_the_course():
    offer = next(each for each in shell_of(make_staff(position=Position.TELLER)).commands if each.code == "1001")
    assert (offer.allowed, offer.course["code"]) == (False, "counter-cif")
    assert offer.reason == "通过“柜面个人客户信息新建与维护”后开通"


def test_a_transaction_of_another_position_says_whose_it_is():
    offers = {each.code: each for each in shell_of(make_staff(position=Position.TELLER)).commands}
    assert (offers["1007"].allowed, offers["1007"].course) == (False, None)
    assert offers["1007"].reason == f"限{Position.SUPERVISOR.label}、{Position.BRANCH_MANAGER.label}"
    assert offers["9001"].reason == "不属本岗位"


def test_the_theme_is_the_persons_own_and_before_the_login_the_computers():
    staff = make_staff()
    staff.theme = Theme.DARK
    assert (shell_of(staff, theme="light").theme, shell_of(staff).next_theme) == ("dark", Theme.SYSTEM)
    stranger = AnonymousUser()
    assert [shell_of(stranger, theme=each).theme for each in ("light", "system", "<b>")] == ["light", "", ""]


def test_a_stranger_is_offered_nothing():
    shell = shell_of(AnonymousUser())
    assert (shell.person, shell.navigation, shell.commands, shell.branch) == (None, [], [], None)
