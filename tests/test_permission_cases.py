import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tellerdesk.staff.enums import Position
from tests.cases import CASES, EVERYBODY
from tests.databases import shared_rows
from tests.factories import make_staff, sign_in

GATE = "training.backends.QualificationBackend"


@pytest.fixture(autouse=True)
def _positions_alone(settings):
    """The courses have tests of their own; here everybody holds what the position needs."""
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != GATE]


@pytest.fixture(scope="module")
def staff(django_db_setup, django_db_blocker):
    """One of each position for all addresses; what a call does to them is undone after it, they after the last."""
    with shared_rows(django_db_blocker):
        yield {position: make_staff(position=position) for position in Position.values}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.name} {case.method or ('post' if case.sent is not None else 'get')}"
)
def test_every_address_by_position(case, staff):
    expected = {position: case.answer if position in case.to else 403 for position in Position.values}
    answers = {position: answer(case, fresh(person)) for position, person in staff.items()}
    assert answers | {"stranger": answer(case)} == expected | {"stranger": case.stranger}


def test_every_address_has_a_row():
    assert set(names(get_resolver())) == {case.name for case in CASES}


def test_the_table_knows_every_position():
    assert set(Position.values) == EVERYBODY


def fresh(staff):
    """As the database has them, without what an earlier call left on the object."""
    return type(staff).objects.get(pk=staff.pk)


def answer(case, staff=None) -> int:
    client = Client()
    if staff:
        sign_in(staff, client)
    address = reverse(case.name, args=case.args)
    kind = {"content_type": "application/json"} if address.startswith("/api/") and case.sent is not None else {}
    method = "get" if case.sent is None else case.method or "post"
    response = getattr(client, method)(address, case.sent, **kind)
    if response.streaming:
        list(response.streaming_content)  # read to its end, a file is closed
    return response.status_code


def names(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names(pattern, namespace + inner)
        else:
            yield namespace + pattern.name
