from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.errors import AnotherEntity, BranchCodeTaken
from tellerdesk.staff.models import Branch, LegalEntity, Staff
from tellerdesk.staff.selectors import branch_tree
from tellerdesk.staff.services.places import create_branch, rename_branch
from tests.factories import make_branch, make_entity, make_staff, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_branch("000"))


def test_a_branch_below_a_branch_has_the_path_of_both(head):
    made = create_branch(code="0011", name="东门分理处", parent=make_branch("001"), by=head)
    assert made.path == "/000/001/0011/"
    assert AuditEvent.objects.latest("pk").detail == {"code": "0011", "name": "东门分理处", "parent": "001 城东支行"}


def test_a_code_stands_once_in_a_legal_entity_and_again_in_another(head):
    make_branch("001")
    with pytest.raises(BranchCodeTaken):
        create_branch(code="001", name="又一个", parent=make_branch("000"), by=head)
    assert make_branch("001", entity=make_entity("LX", "临溪农信")).pk is not None


def test_not_below_another_legal_entity(head):
    elsewhere = make_branch("101", entity=make_entity("LX", "临溪农信"))
    with pytest.raises(AnotherEntity):
        create_branch(code="102", name="越界", parent=elsewhere, by=head)
    with pytest.raises(AnotherEntity):
        rename_branch(branch=elsewhere, name="越界", by=head)


def test_a_code_never_changes(head):
    branch = make_branch("001")
    branch.code = "009"
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        branch.save()


def test_renaming_is_recorded_with_before_and_after(head):
    rename_branch(branch=make_branch("001"), name="城东新支行", by=head)
    assert AuditEvent.objects.latest("pk").changes == {"name": ["城东支行", "城东新支行"]}


def test_the_tree_counts_who_stands_where(head, django_assert_num_queries):
    create_branch(code="0011", name="东门分理处", parent=make_branch("001"), by=head)
    make_staff("one"), make_staff("two"), make_staff("gone", is_active=False)
    lines = [(line.branch.code, line.depth, line.people) for line in branch_tree(head)]
    assert lines == [("000", 0, 1), ("001", 1, 2), ("0011", 2, 0)]
    with django_assert_num_queries(2):
        branch_tree(head)


def test_a_manager_sees_his_own_branch_only():
    make_branch("002")
    assert [line.branch.code for line in branch_tree(make_staff(position="branch_manager"))] == ["001"]


def test_a_deputy_sees_the_branches_below(head):
    below = make_branch("0011", parent=make_branch("001"))
    make_branch("002")
    deputy = make_staff(position="deputy_president", branch=below.parent)
    assert [branch.code for branch in Branch.objects.visible_to(deputy)] == ["001", "0011"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": "0 1"}, "code"),
        ({"code": "001"}, "code"),
        ({"code": "../x"}, "code"),
        ({"name": ""}, "name"),
        ({"parent": "999999"}, "parent"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_the_page_refuses_by_field(head, typed, field):
    parent = make_branch("001").parent
    given = {"code": "003", "name": "新支行", "parent": parent.pk} | typed
    answer = sign_in(head).post("/staff/branches/new/", given)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])


def test_the_page_creates_and_renames(head):
    client = sign_in(head)
    client.post("/staff/branches/new/", {"code": "003", "name": "新支行", "parent": make_branch("000").pk})
    client.post("/staff/branches/003/", {"name": "新城支行"})
    assert str(Branch.objects.get(code="003")) == "003 新城支行"
    assert "新城支行" in client.get("/staff/branches/").content.decode()


def test_the_first_legal_entity_is_founded_on_the_command_line():
    out = StringIO()
    call_command("found_entity", "NB", "宁波农商银行", "root.nb", "沈听澜", stdout=out)
    staff = Staff.objects.get(username="root.nb")
    assert [str(posting) for posting in staff.postings_now] == ["总行管理 000 总行"]
    given = out.getvalue().split("password ")[1].split(" ")[0]
    answer = Client().post("/accounts/login/", {"username": "root.nb", "password": given}, follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/password/"


def test_and_not_twice():
    call_command("found_entity", "NB", "宁波农商银行", "root.nb", "沈听澜", stdout=StringIO())
    with pytest.raises(CommandError, match="exists already"), transaction.atomic():
        call_command("found_entity", "NB", "宁波农商银行", "root.nb2", "沈听澜", stdout=StringIO())
    assert LegalEntity.objects.filter(code="NB").count() == 1
