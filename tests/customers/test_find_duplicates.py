"""The search: held to its rule on generated customers, and what becomes of pairs from one search to the next."""

from datetime import date
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from customers.errors import PairDecided, SearchRunning
from customers.jobs.find_duplicates import run_search
from customers.models import Customer, DuplicatePair, DuplicateSearch, IdentityDocument
from customers.models.sealed_number import SealedNumber
from customers.rules.customer_number import customer_number
from customers.rules.duplicates import Person, body_parts, likely_duplicates, strength
from customers.services.duplicates import dismiss_pair, new_search, start_search
from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import FieldErrors
from tests.customers.merges import merge, undo
from tests.factories import make_branch, make_customer, make_entity, make_staff

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PASSPORT = {
    "document_type": "foreign_passport",
    "number": "X1234567",
    "nationality": "USA",
    "sex": "female",
    "birth_date": date(1985, 3, 12),
}


def search(entity=None) -> DuplicateSearch:
    found = new_search(entity or make_entity())
    run_search(found.pk)
    found.refresh_from_db()
    assert found.status == "succeeded"
    return found


def generated(count: int, chance: Random) -> list[Customer]:
    """Customers from small vocabularies, so that they meet in every way; written straight, for they are many."""
    by, made = make_staff(), []
    names = ["顾青禾", "顾青苗", "顾清禾", "李明", "李明明"]
    types = ["resident_id", "resident_id", "household_register", "hmt_residence_permit", "foreign_passport"]
    with transaction.atomic():
        for place in range(count):
            born = date(1985, chance.choice((1, 3, 11)), chance.choice((1, 2, 11, 12, 21)))
            common = chance.random() < 0.2
            document_type = chance.choice(types)
            number = (
                f"X{chance.choice(('12345', '12354', '12335'))}{chance.choice('67')}"
                if document_type == "foreign_passport"
                else f"33010{chance.choice('16')}{born:%Y%m%d}{chance.choice(('124', '142', '128', '224', '348'))}7"
            )
            customer = Customer.objects.create(
                legal_entity_id=by.legal_entity_id,
                customer_number=customer_number(500_000 + place),
                status=chance.choice(("active", "active", "active", "suspended", "closed")),
                verification="migrated",
                name="王伟" if common else f"{chance.choice(names)}{chr(0x4E00 + place % 40)}",
                sex=chance.choice(("male", "female")),
                birth_date=born,
                address=chance.choice(("", "样例路1号")),
                employer_address="样例路9号",
                mobile=chance.choice(("", "13900000128", f"139{place:08d}")),
                phone="0571-80000188",
                opening_branch=by.branch,
                home_branch=by.branch,
                opened_by=by,
            )
            IdentityDocument.objects.create(
                legal_entity_id=by.legal_entity_id,
                customer=customer,
                **SealedNumber.columns(document_type, number),
            )
            made.append(customer)
    return made


def as_person(customer: Customer) -> Person:
    paper = customer.documents.primary().get()
    region, sequence = body_parts(paper.document_type, paper.number_masked)
    number = paper.number if paper.document_type == "foreign_passport" else ""
    facts = (customer.pk, customer.name, customer.sex, customer.birth_date, paper.document_type)
    return Person(*facts, customer.mobile, customer.address, region, sequence, number)


@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_what_the_rule_says(seed):
    customers = generated(260, Random(seed))
    due = likely_duplicates(as_person(each) for each in customers if each.status in ("active", "suspended"))
    found = search()
    pairs = {(pair.first_id, pair.second_id): pair for pair in DuplicatePair.objects.all()}
    assert {key: pair.grounds for key, pair in pairs.items()} == due
    assert all(pair.strength == strength(pair.grounds) for pair in pairs.values())
    assert (found.pairs, found.new_pairs) == (len(due), len(due))
    kinds = {code.partition(":")[0] for codes in due.values() for code in codes}
    assert kinds >= {"number_digit", "number_swap", "same_name_birth_sex", "near_name", "birth_digit", "other_paper"}


@pytest.fixture
def alike():
    """Two who agree in name, birth date and sex."""
    teller = make_staff()
    one = make_customer(by=teller)
    return one, make_customer(by=teller, **PASSPORT | {"sex": one.sex, "birth_date": one.birth_date})


def pair() -> DuplicatePair:
    return DuplicatePair.objects.get()


def test_a_second_search_changes_nothing(alike):
    first = search()
    found = pair()
    assert found.grounds == ["same_name_birth_sex", "other_paper", "same_mobile", "same_address"]
    again = search()
    assert (first.new_pairs, again.new_pairs, again.pairs) == (1, 0, 1)
    assert pair().found_at == found.found_at
    assert verify().faults == []


def test_what_a_person_dismissed_stays_dismissed(alike):
    search()
    by = make_staff(position="supervisor")
    with pytest.raises(FieldErrors):
        dismiss_pair(pair=pair(), reason=" ", by=by)
    dismiss_pair(pair=pair(), reason="同名同生日两人", by=by)
    with pytest.raises(PairDecided):
        dismiss_pair(pair=pair(), reason="再一次", by=by)
    search()
    assert (pair().status, pair().reason, pair().decided_by) == ("dismissed", "同名同生日两人", by)
    assert verify().faults == []


def test_a_pair_goes_with_its_customer_and_comes_back(alike):
    search()
    Customer.objects.filter(pk=alike[1].pk).update(status="closed")
    search()
    assert pair().status == "gone"
    Customer.objects.filter(pk=alike[1].pk).update(status="active")
    assert search().new_pairs == 0
    assert pair().status == "open"


def test_a_merged_pair_is_not_sought_again_and_an_undone_one_is_dismissed(alike):
    search()
    request = merge(*alike)
    search()
    assert pair().status == "merged"
    undo(request)
    search()
    assert pair().status == "dismissed"
    assert verify().faults == []


def test_no_pair_across_legal_entities(alike):
    stranger = make_staff(branch=make_branch("101", entity=make_entity("LX", "临溪农村信用社")))
    one = alike[0]
    make_customer(by=stranger, **PASSPORT | {"sex": one.sex, "birth_date": one.birth_date})
    search()
    assert {pair().first_id, pair().second_id} == {each.pk for each in alike}
    assert search(stranger.legal_entity).pairs == 0


def test_no_number_and_no_name_is_left_behind(alike):
    search()
    numbers = [each.number for each in IdentityDocument.objects.all()]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'dup%' AND relpersistence <> 'p'")
        assert cursor.fetchall() == []
        cursor.execute("SELECT to_jsonb(p)::text FROM customers_duplicatepair p")
        said = "".join(text for (text,) in cursor.fetchall())
    said += "".join(f"{event.detail}{event.changes}" for event in AuditEvent.objects.filter(action__contains="dupl"))
    assert not any(word in said for word in [*numbers, alike[0].name])


def test_one_search_at_a_time():
    by = make_staff(position="head_office")
    first = start_search(by=by)
    with pytest.raises(SearchRunning) as refused:
        start_search(by=by)
    assert refused.value.context == {"id": first.pk}
    run_search(first.pk)
    first.refresh_from_db()
    assert first.status == "succeeded"
    start_search(by=by)


def test_a_search_whose_worker_died_begins_anew(alike):
    interrupted = new_search(make_entity())
    DuplicateSearch.objects.filter(pk=interrupted.pk).update(status="running", progress=50)
    run_search(interrupted.pk)
    run_search(interrupted.pk)
    interrupted.refresh_from_db()
    assert (interrupted.status, interrupted.pairs) == ("succeeded", 1)
    assert AuditEvent.objects.filter(action="customers.duplicates_found").count() == 1


def test_a_search_that_fails_leaves_nothing_and_says_so(alike, monkeypatch):
    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr("customers.jobs.find_duplicates.written", broken)
    found = new_search(make_entity())
    with pytest.raises(RuntimeError):
        run_search(found.pk)
    found.refresh_from_db()
    assert (found.status, DuplicatePair.objects.count()) == ("failed", 0)
    assert AuditEvent.objects.filter(action="customers.duplicates_failed").count() == 1
    new_search(make_entity())


def test_the_command_says_what_it_found(alike, capsys):
    call_command("find_duplicates", legal_entity="HZ")
    assert capsys.readouterr().out == "customers 2, pairs 1, new 1\n"
    with pytest.raises(CommandError):
        call_command("find_duplicates", legal_entity="NO")
