"""2007 as people see it: who leaves, what is held, who gets it, the second person, the paper, and the way back."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from customers.models import Customer
from tellerdesk.audit.models import AuditEvent
from tellerdesk.core.masking import mask_name
from tellerdesk.staff.services.accounts import deactivate_staff
from tests.factories import make_branch, make_qualified, make_staff, sign_in
from tests.tiering.handing import TODAY, begun, make_people, make_portfolio, receivers, submitted
from tests.tiering.nights import make_customers
from tiering.models import HandOver, HandOverCopy, OwnerAssignment, TierAssignment
from tiering.selectors.hand_over_file import PAGE
from tiering.services.hand_over_deciding import approve_hand_over

pytestmark = pytest.mark.django_db
ALL = "/tiering/hand-overs/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def people():
    return make_people(courses=True)


@pytest.fixture
def clients(people):
    return {name: sign_in(each) for name, each in people.items()}


def text(answer) -> str:
    return answer.content.decode()


def test_the_whole_way(people, clients):
    number = make_portfolio(people, 2)[0].customer.customer_number
    manager, head = clients["manager"], clients["head"]
    assert f"{ALL}start/" in text(manager.get(ALL))
    assert "?leaver=leaver" in text(manager.get(f"{ALL}start/"))
    assert "许知微" in text(manager.get(f"{ALL}start/?leaver=leaver"))
    sent = {"reason": "leaving", "note": "合同期满", "last_day": "2026-11-30"}
    page = manager.post(f"{ALL}start/?leaver=leaver", sent, follow=True)
    pk = HandOver.objects.get().pk
    assert page.redirect_chain == [(f"{ALL}{pk}/", 302)]
    for words in (number, mask_name("顾青禾"), "林一诺", "0 → 1"):
        assert words in text(page)
    assert "顾青禾" not in text(page)
    page = manager.post(f"{ALL}{pk}/rows/", {f"row_{number}": "queue", "onward": "?to=queue"}, follow=True)
    assert page.redirect_chain == [(f"{ALL}{pk}/?to=queue", 302)]
    assert HandOver.objects.get().rows.get(receiver=None).customer.customer_number == number
    manager.post(f"{ALL}{pk}/split/", {"tier": "", "receiver": "two"})
    assert receivers(HandOver.objects.get()) == {"two": 2}
    manager.post(f"{ALL}{pk}/split/", {"tier": "branch_staff", "receiver": "one"})
    assert receivers(HandOver.objects.get()) == {"one": 2}
    manager.post(f"{ALL}{pk}/submit/")
    page = head.post(f"{ALL}{pk}/decide/", {"do": "return", "reason": "请分给两人"}, follow=True)
    assert "请分给两人" in text(page)
    manager.post(f"{ALL}{pk}/split/", {})
    manager.post(f"{ALL}{pk}/submit/")
    page = head.post(f"{ALL}{pk}/decide/", {"do": "approve"}, follow=True)
    assert page.redirect_chain == [(f"{ALL}{pk}/list/", 302)]
    assert f"001-261124-{pk:06d}" in text(page)
    page = manager.post(f"{ALL}{pk}/undo/", {"reason": "选错了人"}, follow=True)
    assert "选错了人" in text(page)
    assert OwnerAssignment.objects.current().filter(owner=people["leaver"]).count() == 2


def test_what_is_wrong_with_the_beginning_comes_back_with_what_was_typed(people, clients):
    make_portfolio(people, 1)
    page = text(clients["manager"].post(f"{ALL}start/?leaver=leaver", {"note": "合同期满", "last_day": "x"}))
    assert 'value="合同期满"' in page
    assert "data-errors" in page
    assert not HandOver.objects.exists()


def test_who_has_nothing_is_told_where_it_went(people, clients):
    manager = clients["manager"]
    active = text(manager.get(f"{ALL}start/?leaver=leaver"))
    assert 'name="reason"' not in active
    deactivate_staff(staff=people["leaver"], reason="离职", by=people["head"])
    gone = text(manager.get(f"{ALL}start/?leaver=leaver"))
    assert ('name="reason"' in gone, gone == active) == (False, False)
    for name in ("nobody", "\x00", "许知微"):
        assert manager.get(f"{ALL}start/", {"leaver": name}).status_code == 404


def test_one_who_is_under_way_leads_to_the_hand_over(people, clients):
    make_portfolio(people, 1)
    pk = begun(people).pk
    answer = clients["head"].get(f"{ALL}start/?leaver=leaver")
    assert answer.headers["Location"] == f"{ALL}{pk}/"


def forms_of(page: str, pk: int) -> set[str]:
    acts = ("split", "rows", "submit", "decide", "withdraw", "undo")
    return {act for act in acts if f'action="{ALL}{pk}/{act}/"' in page}


def test_each_sees_what_he_may_do(people, clients):
    make_portfolio(people, 1)
    hand_over = begun(people)
    pk = hand_over.pk
    seen = {name: forms_of(text(clients[name].get(f"{ALL}{pk}/")), pk) for name in ("manager", "head")}
    assert seen == {"manager": {"split", "rows", "submit", "withdraw"}, "head": set()}
    clients["manager"].post(f"{ALL}{pk}/submit/")
    seen = {name: forms_of(text(clients[name].get(f"{ALL}{pk}/")), pk) for name in ("manager", "head")}
    assert seen == {"manager": {"withdraw"}, "head": {"decide"}}
    approve_hand_over(hand_over=hand_over, by=people["head"])
    seen = {name: forms_of(text(clients[name].get(f"{ALL}{pk}/")), pk) for name in ("manager", "head", "deputy")}
    assert seen == {"manager": {"undo"}, "head": {"undo"}, "deputy": set()}


def test_a_refusal_stands_on_the_page(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    make_portfolio(people, 1)
    page = text(clients["head"].post(f"{ALL}{pk}/decide/", {"do": "approve"}))
    assert "data-errors" in page
    for act, sent in (("submit", {}), ("rows", {"row_\x00": "\x00"}), ("split", {"receiver": "\x00"}), ("undo", {})):
        answer = clients["manager"].post(f"{ALL}{pk}/{act}/", sent)
        assert (answer.status_code, "data-errors" in text(answer)) == (200, True)
    assert HandOver.objects.get().status == "submitted"


def test_another_branch_finds_nothing(people):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    stranger = make_qualified(make_staff("m2", position="branch_manager", branch=make_branch("002"), name="邹砺"))
    client = sign_in(stranger)
    assert client.get(f"{ALL}{pk}/").status_code == 404
    assert client.get(f"{ALL}start/?leaver=leaver").status_code == 404
    assert "许知微" not in text(client.get(ALL)) + text(client.get(f"{ALL}start/"))
    for act in ("split", "rows", "submit", "decide", "withdraw", "undo", "export", "list/print"):
        assert client.post(f"{ALL}{pk}/{act}/").status_code == 404


def test_the_second_person_is_told_that_it_waits(people, clients):
    make_portfolio(people, 1)
    assert "nav__count" not in rail(clients["head"])
    submitted(people)
    assert "nav__count" in rail(clients["head"])
    assert "nav__count" not in rail(clients["manager"])


def rail(client) -> str:
    page = text(client.get("/tiering/policy/"))
    place = page.index(f'href="{ALL}"')
    return page[place : page.index("</a>", place)]


def test_the_list_is_printed_once_and_then_numbered(people, clients):
    make_portfolio(people, 2)
    hand_over = approve_hand_over(hand_over=submitted(people), by=people["head"])
    address = f"{ALL}{hand_over.pk}/list/"
    page = text(clients["manager"].get(address))
    assert "handlist no-print" in page
    for place in (1, 2):
        page = clients["manager"].post(f"{address}print/", follow=True)
        assert page.redirect_chain == [(f"{address}?copy={place}", 302)]
        assert f"补打 {place}" in text(page)
    assert HandOverCopy.objects.count() == 2
    assert AuditEvent.objects.filter(action="tiering.hand_over_printed").count() == 2


def test_the_screen_pages_the_list_and_the_paper_has_all_of_it(people, clients):
    head = make_portfolio(people, 1)[0]
    numbers = make_customers(*(f"6203177409{place:04}" for place in range(PAGE)))
    found = Customer.objects.filter(customer_number__in=numbers)
    same = {"legal_entity_id": head.legal_entity_id, "owner": people["leaver"]}
    kept = ("branch_id", "aum", "reasons", "since", "policy_version", "tier")
    like = same | {name: getattr(head, name) for name in kept}
    TierAssignment.objects.bulk_create(TierAssignment(customer=each, **like) for each in found)
    like = same | {"position": "teller", "is_primary": True, "since": head.since, "reason": "dealt"}
    OwnerAssignment.objects.bulk_create(OwnerAssignment(customer=each, **like) for each in found)
    hand_over = approve_hand_over(hand_over=submitted(people), by=people["head"])
    address = f"{ALL}{hand_over.pk}/list/"
    pages = [text(clients["manager"].get(address))]
    onward = re.search(r'href="(\?after=[0-9]+)" rel="next"', pages[0]).group(1)
    pages.append(text(clients["manager"].get(f"{address}{onward}")))
    assert [each.count('<td class="mono">') for each in pages] == [PAGE, 1]
    assert f'<td class="num">{PAGE + 1}</td>' in pages[1]
    paper = text(clients["manager"].post(f"{address}print/", follow=True))
    assert (paper.count('<td class="mono">'), paper.count('class="only-paper"')) == (PAGE + 1, 1)
    assert "其余 1 户见打印件" in paper


def test_there_is_no_list_before_the_approval(people, clients):
    make_portfolio(people, 1)
    pk = submitted(people).pk
    assert clients["head"].get(f"{ALL}{pk}/list/").status_code == 404
    assert clients["head"].post(f"{ALL}{pk}/list/print/").status_code == 404


def test_the_workbook_masks_names_and_is_recorded(people, clients):
    standing = make_portfolio(people, 2)[0]
    pk = submitted(people).pk
    answer = clients["head"].post(f"{ALL}{pk}/export/")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    cells = [str(cell) for row in rows.to_python() for cell in row]
    assert standing.customer.customer_number in cells
    assert (mask_name("顾青禾") in cells, "顾青禾" in cells) == (True, False)
    event = AuditEvent.objects.get(action="tiering.hand_over_exported")
    assert (event.detail["rows"], event.actor) == (2, "head")


def test_whoever_still_owns_customers_is_not_closed_without_a_word(people, clients):
    make_portfolio(people, 2)
    posting = people["leaver"].posting
    head = clients["head"]
    pages = [
        text(head.get(f"/staff/people/leaver/{path}"))
        for path in ("deactivate/", f"postings/{posting.pk}/move/", f"postings/{posting.pk}/end/", "")
    ]
    for page in pages:
        assert f"{ALL}start/?leaver=leaver" in page
    assert f"{ALL}start/?leaver=one" not in text(head.get("/staff/people/one/deactivate/"))
    pk = begun(people).pk
    assert f'href="{ALL}{pk}/"' in text(head.get("/staff/people/leaver/deactivate/"))


def test_the_customers_pages_tell_of_it(people, clients):
    standing = make_portfolio(people, 1)[0]
    number = standing.customer.customer_number
    page = f"/tiering/customers/{number}/"
    hand_over = submitted(people)
    assert f'href="{ALL}{hand_over.pk}/"' in text(clients["head"].get(page))
    approve_hand_over(hand_over=hand_over, by=people["head"])
    assert f'href="{ALL}{hand_over.pk}/"' not in text(clients["head"].get(page))
    history = text(clients["head"].get(f"/customers/{number}/history/"))
    receiver = hand_over.rows.get().receiver
    assert f"许知微 leaver 移交给 {receiver.name} {receiver.username}" in history


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_its_length(people, clients, count, django_assert_num_queries):
    make_portfolio(people, count)
    pk = begun(people).pk
    clients["manager"].get(f"{ALL}{pk}/")
    with django_assert_num_queries(33):
        clients["manager"].get(f"{ALL}{pk}/")


@pytest.mark.parametrize("query", ["?after=x", "?after=9", "?to=%00", "?tier=%00&to=x", "?after=" + "9" * 40])
def test_no_address_is_a_fault_of_ours(people, clients, query):
    make_portfolio(people, 1)
    pk = begun(people).pk
    for address in (f"{ALL}{pk}/", ALL, f"{ALL}start/"):
        assert clients["manager"].get(address + query).status_code == 200
