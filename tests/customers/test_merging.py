"""客户号合并: asked for, approved, looked up, undone."""

from datetime import date

import pytest

from customers.enums import AmendmentKind, AmendmentStatus, CustomerStatus
from customers.errors import NotMergeable, NotUndoable, RequestPending
from customers.models import Agent, Amendment, Customer, DuplicatePair, IdentityKey, Merge
from customers.models.sealed_number import SealedNumber
from customers.rules.merging import CHOICES
from customers.selectors.file import customer_file
from customers.selectors.requests import decidable
from customers.services import amend_customer, approve, ask_for_merge, ask_for_standing, ask_for_undo, look_up, reject
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.business_date import today
from tellerdesk.core.errors import AlreadyDecided, FieldErrors, SamePerson, Stale
from tests.customers.merges import EVIDENCE, ask, make_two, manager, merge, reread, undo
from tests.factories import make_branch, make_customer, make_entity, make_resident_number, make_staff

pytestmark = pytest.mark.django_db


def codes(refused) -> dict:
    return {field: [code for code, _ in found] for field, found in refused.value.errors.items()}


def test_a_request_waits_for_the_manager_of_the_survivors_branch():
    survivor, absorbed = make_two(address="杭州市新样例路2号", mobile="13900000777")
    request = ask(survivor, absorbed, address="absorbed", mobile="survivor")
    assert (request.kind, request.status) == (AmendmentKind.MERGE, AmendmentStatus.PENDING_REVIEW)
    assert request.changes == {
        "customer_number": [absorbed.customer_number, survivor.customer_number],
        "address": [survivor.address, absorbed.address],
    }
    assert decidable(manager(), request.pk) == request
    assert decidable(manager("002"), request.pk) is None
    assert Merge.objects.get().choices == {"address": "absorbed", "mobile": "survivor"}
    reread(absorbed)
    assert absorbed.status == CustomerStatus.ACTIVE


def test_the_approved_merge_moves_everything():
    survivor, absorbed = make_two(address="杭州市新样例路2号", occupation="other", occupation_detail="个体")
    keys = set(IdentityKey.objects.values_list("pk", flat=True))
    merge(survivor, absorbed, address="absorbed", occupation="absorbed")
    assert (survivor.address, survivor.occupation, survivor.occupation_detail) == ("杭州市新样例路2号", "other", "个体")
    assert (absorbed.status, absorbed.merged_into) == (CustomerStatus.MERGED, survivor)
    assert (survivor.version, absorbed.version) == (2, 2)
    assert sorted(survivor.documents.values_list("role", flat=True)) == ["additional", "primary"]
    assert not absorbed.documents.exists()
    assert set(survivor.keys.values_list("pk", flat=True)) == keys
    assert survivor.checks.count() == 2


def test_the_absorbed_ones_document_may_stay_primary():
    passport = {"document_type": "foreign_passport", "number": "X1234567", "nationality": "USA", "sex": "male"}
    survivor, absorbed = make_two(**passport, birth_date=date(1985, 3, 12))
    former, chosen = survivor.documents.get(), absorbed.documents.get()
    request = merge(survivor, absorbed, document="absorbed")
    assert request.changes["document_type"] == ["resident_id", "foreign_passport"]
    assert survivor.documents.primary().get() == chosen
    former.refresh_from_db()
    assert former.role == "additional"


def test_number_and_papers_of_the_absorbed_one_lead_to_the_survivor():
    survivor, absorbed = make_two()
    paper = absorbed.documents.get()
    merge(survivor, absorbed)
    by = make_staff(branch=make_branch("002"))
    assert look_up(customer_number=absorbed.customer_number, by=by) == survivor
    assert look_up(document_type=paper.document_type, document_number=paper.number, by=by) == survivor
    assert customer_file(survivor, as_of=today()).merged_from == [absorbed.customer_number]


def test_what_the_absorbed_one_owes_the_survivor_owes():
    teller = make_staff()
    survivor = make_customer(by=teller)
    absorbed = make_customer(by=teller)
    absorbed.checks.update(follow_up_due_on=today())
    merge(survivor, absorbed)
    assert [owed.kind for owed in customer_file(survivor, as_of=today()).owed] == ["follow_up"]


def test_both_files_say_that_a_merge_waits():
    survivor, absorbed = make_two()
    request = ask(survivor, absorbed)
    for each in (survivor, absorbed):
        assert [owed.pk for owed in customer_file(each, as_of=today()).owed] == [request.pk]


def test_whoever_acted_for_the_absorbed_one_stays_in_sight():
    survivor, absorbed = make_two()
    facts = {"name": "许安", "mobile": "13900000129", "relation": "spouse", "reason": "出差"}
    number = SealedNumber.columns("resident_id", make_resident_number())
    agent = Agent.objects.create(customer=absorbed, **facts, **number)
    merge(survivor, absorbed)
    assert customer_file(survivor, as_of=today()).agents == [agent]


def test_chains_are_flattened():
    first, second = make_two()
    third = make_customer(by=first.opened_by)
    merge(second, third)
    merge(first, second)
    reread(third)
    assert (second.merged_into, third.merged_into) == (first, first)
    assert first.documents.count() == 3


@pytest.mark.parametrize("status", ["merged", "closed", "pending_review"])
def test_only_customers_in_use_are_merged(status):
    survivor, absorbed = make_two()
    Customer.objects.filter(pk=absorbed.pk).update(status=status)
    with pytest.raises(NotMergeable) as refused:
        ask(survivor, absorbed)
    assert refused.value.context == {"customer_number": absorbed.customer_number, "status": status}


def test_wrong_requests_are_named_by_field():
    survivor, absorbed = make_two()
    foreign = make_customer(by=make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社"))))
    by, number = survivor.opened_by, survivor.customer_number

    def refused(**changes):
        values = {"survivor": number, "absorbed": absorbed.customer_number, "evidence": EVIDENCE, "choices": {}}
        with pytest.raises(FieldErrors) as found:
            ask_for_merge(**(values | changes), by=by)
        return codes(found)

    assert refused(absorbed=number) == {"absorbed": ["same_customer"]}
    assert refused(absorbed=foreign.customer_number) == {"absorbed": ["unknown"]}
    assert refused(survivor="\x00", absorbed="😀") == {"survivor": ["unknown"], "absorbed": ["unknown"]}
    assert refused(survivor="", evidence=" ") == {"survivor": ["required"], "evidence": ["required"]}
    assert refused(evidence="x" * 501) == {"evidence": ["length"]}
    assert refused(evidence="a\x00b") == {"evidence": ["format"]}
    assert refused(choices={"shoe_size": "absorbed", "name": "third"}) == {
        "choices.shoe_size": ["unknown_field"],
        "choices.name": ["not_in_list"],
    }
    assert Amendment.objects.filter(kind=AmendmentKind.MERGE).count() == 0


def test_what_a_choice_would_leave_empty_is_refused():
    survivor, absorbed = make_two(mobile="", phone="0571-80000188")
    with pytest.raises(FieldErrors) as refused:
        ask(survivor, absorbed, mobile="absorbed")
    assert codes(refused) == {"choices.mobile": ["contact_required"]}


def test_one_open_request_for_each_of_the_two():
    survivor, absorbed = make_two()
    third = make_customer(by=survivor.opened_by)
    request = ask(survivor, absorbed)
    for two in ((third, absorbed), (absorbed, third), (third, survivor), (survivor, third)):
        with pytest.raises(RequestPending) as refused:
            ask(*two)
        assert refused.value.context["id"] == request.pk
    with pytest.raises(RequestPending):
        ask_for_standing(customer=absorbed, kind="suspension", reason="x", by=survivor.opened_by)


def test_the_maker_never_approves_and_nobody_twice():
    survivor, absorbed = make_two()
    boss = manager()
    request = ask(survivor, absorbed, by=boss)
    with pytest.raises(SamePerson):
        approve(amendment=request, by=boss)
    approve(amendment=request, by=manager())
    with pytest.raises(AlreadyDecided):
        approve(amendment=request, by=manager())


@pytest.mark.parametrize("place", [0, 1])
def test_a_change_of_either_in_between_makes_the_request_stale(place):
    two = make_two()
    request = ask(*two)
    Customer.objects.filter(pk=two[place].pk).update(version=5)
    with pytest.raises(Stale):
        approve(amendment=request, by=manager())


def test_a_returned_request_changes_nothing():
    survivor, absorbed = make_two()
    reject(amendment=ask(survivor, absorbed), reason="证据不足", by=manager())
    reread(survivor, absorbed)
    assert (survivor.version, absorbed.status) == (1, CustomerStatus.ACTIVE)
    ask(survivor, absorbed)


def test_every_choice_is_a_field_of_the_customer_or_its_document():
    assert CHOICES - {each.name for each in Customer._meta.fields} == {"document"}


def test_the_event_names_all_that_was_moved():
    survivor, absorbed = make_two()
    request = merge(survivor, absorbed)
    event = AuditEvent.objects.get(action="customers.merge_approved")
    assert event.subject_id == str(survivor.pk)
    moved = [f"customers.customer:{absorbed.pk}", f"customers.merge:{request.merge.pk}"]
    moved += [f"customers.identitydocument:{each.pk}" for each in survivor.documents.filter(role="additional")]
    assert set(moved) <= set(event.touched)
    said = f"{event.detail} {event.subject_label}"
    assert not any(each.number in said or survivor.name in said for each in survivor.documents.all())


def test_an_undone_merge_leaves_two_customers_as_they_were():
    survivor, absorbed = make_two(address="杭州市新样例路2号", name="顾青苗")
    papers = {each.pk: (each.customer_id, each.role) for each in [*survivor.documents.all(), *absorbed.documents.all()]}
    before = {each.pk: each.address for each in (survivor, absorbed)}
    request = merge(survivor, absorbed, address="absorbed", name="absorbed", document="absorbed")
    undone = undo(request)
    reread(survivor, absorbed)
    assert undone.changes["customer_number"] == [survivor.customer_number, absorbed.customer_number]
    assert {each.pk: each.address for each in (survivor, absorbed)} == before
    assert (survivor.name, absorbed.status, absorbed.merged_into) == ("顾青禾", CustomerStatus.ACTIVE, None)
    documents = [*survivor.documents.all(), *absorbed.documents.all()]
    assert {each.pk: (each.customer_id, each.role) for each in documents} == papers
    assert (survivor.keys.count(), absorbed.keys.count()) == (1, 1)
    assert (survivor.checks.count(), absorbed.checks.count()) == (1, 1)
    assert look_up(customer_number=absorbed.customer_number, by=survivor.opened_by) == absorbed


def test_what_was_changed_since_the_merge_stays():
    survivor, absorbed = make_two(address="杭州市新样例路2号", phone="0571-80000188")
    request = merge(survivor, absorbed, address="absorbed", phone="absorbed")
    change = {"changes": {"address": "杭州市第三路3号"}, "in_person": False, "reason": "搬家"}
    amend_customer(customer=survivor, **change, by=survivor.opened_by)
    undo(request)
    reread(survivor)
    assert (survivor.address, survivor.phone) == ("杭州市第三路3号", "")
    assert AuditEvent.objects.get(action="customers.merge_undo_kept").detail == {"fields": ["address"]}


def test_a_chain_goes_back_with_what_it_came_with():
    first, second = make_two()
    third = make_customer(by=first.opened_by)
    inner = merge(second, third)
    outer = merge(first, second)
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=inner.merge, reason="x", by=first.opened_by)
    assert refused.value.context["reasons"] == ["survivor_merged"]
    undo(outer)
    reread(second, third)
    assert third.merged_into == second
    undo(inner)
    reread(third)
    assert third.merged_into is None
    assert [each.documents.count() for each in (first, second, third)] == [1, 1, 1]


def test_a_merge_is_undone_once_and_only_when_it_was_carried_out():
    survivor, absorbed = make_two()
    waiting = ask(survivor, absorbed)
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=waiting.merge, reason="x", by=survivor.opened_by)
    assert refused.value.context["reasons"] == ["not_carried_out"]
    approve(amendment=waiting, by=manager())
    undo(waiting)
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=waiting.merge, reason="x", by=survivor.opened_by)
    assert refused.value.context["reasons"] == ["already_undone"]


def test_nothing_is_undone_once_the_paper_was_replaced():
    survivor, absorbed = make_two()
    request = merge(survivor, absorbed, document="absorbed")
    survivor.documents.primary().update(role="historic")
    survivor.documents.filter(role="additional").update(role="primary")
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=request.merge, reason="x", by=survivor.opened_by)
    assert refused.value.context["reasons"] == ["document_replaced"]


def test_a_later_merge_that_builds_on_it_is_undone_first():
    survivor, absorbed = make_two()
    third = make_customer(by=survivor.opened_by)
    first = merge(survivor, absorbed, document="absorbed")
    later = merge(survivor, third, document="absorbed")
    with pytest.raises(NotUndoable) as refused:
        ask_for_undo(merge=first.merge, reason="x", by=survivor.opened_by)
    assert refused.value.context["reasons"] == ["later_merge"]
    undo(later)
    undo(first)
    assert [each.documents.primary().count() for each in (survivor, absorbed, third)] == [1, 1, 1]


def test_after_an_undoing_the_two_may_be_merged_again():
    survivor, absorbed = make_two()
    undo(merge(survivor, absorbed))
    merge(absorbed, survivor)
    assert survivor.merged_into == absorbed


def test_a_pair_follows_its_merge_and_its_undoing():
    survivor, absorbed = make_two()
    third = make_customer(by=survivor.opened_by)
    rows = {"legal_entity": survivor.legal_entity, "grounds": ["same_name_birth_sex"], "strength": 45}
    pair = DuplicatePair.objects.create(first=survivor, second=absorbed, **rows)
    beside = DuplicatePair.objects.create(first=absorbed, second=third, **rows)
    request = merge(survivor, absorbed)
    pair.refresh_from_db()
    beside.refresh_from_db()
    assert (pair.status, beside.status) == ("merged", "gone")
    undo(request, reason="核实为两人")
    pair.refresh_from_db()
    assert (pair.status, pair.reason) == ("dismissed", "核实为两人")


@pytest.mark.django_db(transaction=True)
def test_the_chain_holds_after_merge_and_undoing():
    survivor, absorbed = make_two(address="杭州市新样例路2号")
    third = make_customer(by=survivor.opened_by)
    merge(absorbed, third)
    request = merge(survivor, absorbed, address="absorbed", document="absorbed")
    assert verify().faults == []
    undo(request)
    assert verify().faults == []


def test_numbers_of_both_stay_taken():
    number = make_resident_number()
    survivor = make_customer()
    absorbed = make_customer(by=survivor.opened_by, number=number)
    merge(survivor, absorbed)
    assert look_up(document_type="household_register", document_number=number, by=survivor.opened_by) is None
    assert survivor.keys.count() == 2
