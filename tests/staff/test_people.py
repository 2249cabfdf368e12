"""The screens of staff administration: what they find, and whom they never show."""

import pytest

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tests.factories import make_branch, make_entity, make_posting, make_staff, sign_in

pytestmark = pytest.mark.django_db
QUERIES_OF_THE_LIST = 10


@pytest.fixture
def head():
    return make_staff("head", position="head_office", branch=make_branch("000"), name="沈听澜")


@pytest.fixture
def stranger():
    return make_staff("stranger", branch=make_branch("101", entity=make_entity("LX", "临溪农信")), name="戴若渔")


def found(client, **asked):
    return [person.username for person in client.get("/staff/", asked).context["page"].people]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("tel", ["teller", "teller2"]),
        ("TELLER2", ["teller2"]),
        ("许", ["teller"]),
        ("xzw", ["teller"]),
        ("h", ["head", "teller2"]),
        ("知微", []),
        ("%", []),
        ("戴", []),
    ],
)
def test_found_by_the_beginning_of_username_name_or_initials(head, stranger, q, expected):
    make_staff("teller", name="许知微")
    make_staff("teller2", name="何棠")
    assert found(sign_in(head), q=q) == expected


def test_filtered_by_branch_and_position(head, stranger):
    make_staff("teller"), make_staff("lobby", position="lobby_manager")
    make_staff("teller2", branch=make_branch("002"))
    client = sign_in(head)
    assert found(client, branch=make_branch("001").pk) == ["lobby", "teller"]
    assert found(client, position="teller") == ["teller", "teller2"]
    assert found(client, branch=make_branch("001").pk, position="teller") == ["teller"]


def test_a_branch_of_another_legal_entity_is_no_choice(head, stranger):
    answer = sign_in(head).get("/staff/", {"branch": stranger.branch.pk})
    assert list(answer.context["form"].errors) == ["branch"]


def test_a_former_posting_does_not_count_in_the_filter(head):
    make_staff("moved", since=today().replace(year=2020), until=today().replace(year=2021))
    assert found(sign_in(head), branch=make_branch("001").pk) == []


def test_page_by_page(head):
    for number in range(35):
        make_staff(f"t{number:02}")
    client = sign_in(head)
    first = client.get("/staff/")
    second = client.get(first.context["next"])
    usernames = [person.username for page in (first, second) for person in page.context["page"].people]
    assert usernames == ["head", *(f"t{number:02}" for number in range(35))]
    assert (second.context["next"], second.context["first"]) == ("", "/staff/?")


@pytest.mark.parametrize(
    "asked", [{"after": "\0"}, {"branch": "x"}, {"position": "king"}, {"q": "x" * 5000}, {"after": "😀"}]
)
def test_nonsense_in_the_address_is_no_fault(head, asked):
    assert sign_in(head).get("/staff/", asked).status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_the_same_number_of_questions_whatever_its_length(head, people, django_assert_num_queries):
    for number in range(people):
        make_posting(make_staff(f"t{number}"), position="lobby_manager", branch=make_branch("002"))
    client = sign_in(head)
    client.get("/staff/")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get("/staff/")


ACTS = ["", "post/", "deactivate/", "reactivate/", "password/", "postings/{posting}/move/", "postings/{posting}/end/"]


@pytest.mark.parametrize("act", ACTS)
def test_another_legal_entity_is_nowhere(head, stranger, act):
    address = f"/staff/people/stranger/{act.format(posting=stranger.posting.pk)}"
    client = sign_in(head)
    typed = {"reason": "x", "position": "teller", "branch": 1, "since": "2030-01-01", "last_day": "2030-01-01"}
    answers = [client.post(address, typed).status_code] + (
        [] if act == "password/" else [client.get(address).status_code]
    )
    assert set(answers) <= {404, 405}
    assert 404 in answers
    stranger.refresh_from_db()
    assert (stranger.is_active, stranger.posting_set.get().until) == (True, None)


def test_a_posting_of_somebody_else_is_not_reached_through_a_person(head):
    make_staff("one")
    two = make_staff("two")
    assert sign_in(head).get(f"/staff/people/one/postings/{two.posting.pk}/end/").status_code == 404


def test_another_branch_is_nowhere_for_a_manager(head):
    make_staff("teller2", branch=make_branch("002"))
    client = sign_in(make_staff("manager", position="branch_manager"))
    assert found(client) == ["manager"]
    assert client.get("/staff/people/teller2/").status_code == 404
    assert client.post("/staff/people/teller2/deactivate/", {"reason": "x"}).status_code == 404


def test_a_second_posting_widens_only_what_it_allows():
    """A manager who also runs the training sees every course, and still only his branch's people."""
    both = make_staff("both", position="branch_manager")
    make_posting(both, position="training_admin", branch=make_branch("000"))
    make_staff("teller2", branch=make_branch("002"))
    assert found(sign_in(both)) == ["both"]


def test_an_auditor_reads_and_changes_nothing():
    make_staff("teller")
    client = sign_in(make_staff("auditor", position="auditor", branch=make_branch("000")))
    page = client.get("/staff/people/teller/").content.decode()
    assert [word for word in ("/deactivate/", "/post/", "/password/") if word in page] == []
    assert client.post("/staff/people/teller/password/").status_code == 403


def test_ones_own_page_offers_nothing(head):
    page = sign_in(head).get("/staff/people/head/").content.decode()
    assert [word for word in ("/deactivate/", "/post/", "people/head/password/", "/end/") if word in page] == []


def test_creating_shows_the_password_once_and_refuses_by_field(head):
    client = sign_in(head)
    typed = {
        "username": "new.one",
        "name": "林一诺",
        "position": "teller",
        "branch": make_branch().pk,
        "since": str(today()),
    }
    made = client.post("/staff/new/", typed)
    assert made.context["made"].password in made.content.decode()
    again = client.post("/staff/new/", typed)
    assert list(again.context["form"].errors) == ["username"]
    assert 'value="林一诺"' in again.content.decode()
    assert "<title>错误：" in again.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"username": "大写"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "UPPER"}, "username"),
        ({"name": ""}, "name"),
        ({"name": "名" * 101}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"position": "king"}, "position"),
        ({"branch": "999999"}, "branch"),
        ({"since": "24.11.2026"}, "since"),
        ({"since": "2020-01-01"}, "since"),
        ({"since": "99999-01-01"}, "since"),
    ],
)
def test_a_new_login_is_refused_by_field(head, typed, field):
    given = {
        "username": "new.one",
        "name": "林一诺",
        "position": "teller",
        "branch": make_branch().pk,
        "since": str(today()),
    }
    answer = sign_in(head).post("/staff/new/", given | typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, [field])
    assert Staff.objects.filter(name="林一诺").count() == 0


def test_posting_moving_and_ending_on_the_pages(head):
    teller = make_staff("teller")
    client = sign_in(head)
    typed = {"position": "supervisor", "branch": make_branch("002").pk, "since": str(today())}
    client.post("/staff/people/teller/post/", typed)
    client.post(f"/staff/people/teller/postings/{teller.posting.pk}/move/", typed | {"position": "lobby_manager"})
    page = client.get("/staff/people/teller/")
    lines = [(line.posting.position, line.posting.branch.code, line.standing) for line in page.context["postings"]]
    assert lines == [("lobby_manager", "002", "now"), ("supervisor", "002", "now"), ("teller", "001", "over")]
    assert "任命 许知微（teller）为 002" in page.content.decode()
