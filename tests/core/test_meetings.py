"""Two acts that met over the same records: the loser hears so, and never a fault of ours."""

import psycopg2
import pytest
from django.db import OperationalError

from tellerdesk.api_errors import api_exception
from tellerdesk.core.errors import is_meeting


def failure(code: str) -> OperationalError:
    error = OperationalError("the server's own words")
    error.__cause__ = type("ServerError", (psycopg2.OperationalError,), {"pgcode": code})()
    return error


@pytest.mark.parametrize(("code", "meets"), [("40P01", True), ("55P03", True), ("40001", True), ("57P01", False)])
def test_which_failures_are_meetings(code, meets):
    assert is_meeting(failure(code)) == meets


def test_an_error_without_a_server_is_none():
    assert not is_meeting(OperationalError("connection refused"))


def test_the_interface_answers_409():
    answer = api_exception(failure("40P01"), {})
    assert (answer.status_code, answer.data["code"]) == (409, "busy")
