from functools import cache

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator

from tellerdesk.staff.enums import Position
from tests.cases import CASES, EVERYBODY
from tests.databases import shared_rows
from tests.factories import make_staff, sign_in

GATE = "training.backends.QualificationBackend"
COOKIE = configured.SESSION_COOKIE_NAME


@pytest.fixture(autouse=True)
def _positions_alone(settings):
    """The courses have tests of their own; here everybody holds what the position needs."""
    settings.AUTHENTICATION_BACKENDS = [each for each in settings.AUTHENTICATION_BACKENDS if each != GATE]


@pytest.fixture(scope="module")
def sessions(django_db_setup, django_db_blocker):
    """One of each position, logged in once for all addresses: the cookie. What a call does to them, or to the session,
    is undone after it, they after the last.
    """
    with shared_rows(django_db_blocker):
        clients = {position: sign_in(make_staff(position=position)) for position in Position.values}
        yield {position: client.cookies[COOKIE].value for position, client in clients.items()}


@pytest.fixture(scope="module", autouse=True)
def _described_once():
    """The description of the interface is the same for everybody, and takes most of a second to make."""
    make = SchemaGenerator.get_schema
    made = cache(lambda: make(SchemaGenerator(), public=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SchemaGenerator, "get_schema", lambda self, **asked: made())
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.name} {case.method or ('post' if case.sent is not None else 'get')}"
)
def test_every_address_by_position(case, sessions):
    expected = {position: case.answer if position in case.to else 403 for position in Position.values}
    answers = {position: answer(case, session) for position, session in sessions.items()}
    assert answers | {"stranger": answer(case)} == expected | {"stranger": case.stranger}


def test_every_address_has_a_row():
    assert set(names(get_resolver())) == {case.name for case in CASES}


def test_the_table_knows_every_position():
    assert set(Position.values) == EVERYBODY


def answer(case, session: str = "") -> int:
    client = Client()
    if session:
        client.cookies[COOKIE] = session
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
