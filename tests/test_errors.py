"""What people and programs are told when something is refused, whatever raises it."""

import json
import logging
import sys

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import Throttled

from tellerdesk.api_errors import api_exception
from tellerdesk.core.errors import DomainError, FieldErrors, NotPermitted
from tellerdesk.core.logs import LineFormatter
from tellerdesk.urls import urlpatterns as real_urls
from tests.factories import make_staff, sign_in

NAME_OF_SOMEBODY = "张三丰"


class Stale(DomainError):
    code = "stale"
    message = "row %(row)s changed"


def raising(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    *real_urls,
    path("raise/not-permitted/", raising(NotPermitted("staff.manage_staff"))),
    path("raise/stale/", raising(Stale(row=7))),
    path("raise/fields/", raising(FieldErrors({"name": [("blank", "empty")]}))),
    path("raise/denied/", raising(PermissionDenied())),
    path("raise/unreadable/", raising(BadRequest())),
    path("raise/broken/", raising(ValueError(NAME_OF_SOMEBODY))),
    path("raise/only-a-form/", lambda request: HttpResponse(status=405, headers={"Allow": "POST"})),
]
handler400 = "tellerdesk.handlers.bad_request"
handler403 = "tellerdesk.handlers.permission_denied"
handler404 = "tellerdesk.handlers.not_found"
handler500 = "tellerdesk.handlers.server_error"


class AgentSerializer(serializers.Serializer):
    name = serializers.CharField()


class Nested(serializers.Serializer):
    agent = AgentSerializer()
    papers = AgentSerializer(many=True)
    count = serializers.IntegerField()


def handled(error, staff=None):
    request = RequestFactory().get("/api/v1/")
    request.user = staff
    answer = api_exception(error, {"request": request})
    return answer.status_code, answer.data


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/nothing/", 404, "not_found"),
        ("/api/", 404, "not_found"),
        ("/api/v1/training/courses/", 401, "not_authenticated"),
        ("/api/v1/auth/me/", 401, "not_authenticated"),
    ],
)
def test_strangers_get_json(db, address, status, code):
    answer = Client().get(address)
    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (status, code, "application/json")
    assert answer.json()["message"] != ""


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_method_that_a_thing_does_not_have_is_405(db, method):
    answer = getattr(sign_in(make_staff(position="training_admin")), method)("/api/v1/customers/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_and_401_for_strangers(db, method):
    assert getattr(Client(), method)("/api/v1/customers/").status_code == 401


def test_403_names_the_permission_and_no_course_where_the_position_is_the_matter(db):
    answer = sign_in(make_staff(position="training_admin")).get("/api/v1/customers/?customer_number=1")
    assert (answer.status_code, answer.json()) == (
        403,
        {
            "code": "not_permitted",
            "message": "您的岗位没有此项权限。",
            "permission": "customers.look_up",
            "courses": [],
        },
    )


def test_403_names_the_course_that_unlocks(db):
    answer = sign_in(make_staff()).post("/api/v1/customers/", {}, content_type="application/json")
    body = answer.json()
    assert (answer.status_code, body["permission"]) == (403, "customers.open_customer")
    assert body["courses"] == [
        {
            "code": "counter-cif",
            "title": body["courses"][0]["title"],
            "url": "/training/courses/counter-cif/",
            "lapsed_on": None,
        }
    ]


def test_400_of_a_serializer_is_flat_by_field():
    found = Nested(data={"agent": {}, "papers": [{"name": "a"}, {}], "count": "x"})
    found.is_valid()
    status, body = handled(serializers.ValidationError(found.errors))
    assert (status, body["code"]) == (400, "invalid")
    codes = {name: [each["code"] for each in faults] for name, faults in body["errors"].items()}
    assert codes == {"agent.name": ["required"], "papers.1.name": ["required"], "count": ["invalid"]}


def test_400_of_a_rule_has_the_same_shape():
    assert handled(FieldErrors({"name": [("blank", "empty")], "__all__": [("late", "too late")]})) == (
        400,
        {
            "code": "invalid",
            "message": "请检查录入内容。",
            "errors": {
                "name": [{"code": "blank", "message": "empty"}],
                "__all__": [{"code": "late", "message": "too late"}],
            },
        },
    )


def test_409_carries_its_context():
    assert handled(Stale(row=7)) == (409, {"code": "stale", "message": "row 7 changed", "context": {"row": 7}})


def test_429_says_when_to_come_back():
    status, body = handled(Throttled(wait=30))
    assert (status, body["code"], body["retry_after"]) == (429, "throttled", 30)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "not_permitted"),
        (BadRequest(), 400, "bad_request"),
        (SuspiciousOperation(), 400, "bad_request"),
        (ValueError(NAME_OF_SOMEBODY), 500, "server_error"),
    ],
)
def test_what_django_and_python_raise(error, status, code):
    answer = handled(error)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert NAME_OF_SOMEBODY not in json.dumps(answer[1], ensure_ascii=False)


def test_a_form_in_place_of_json_is_refused_in_json(db):
    answer = Client().post("/api/v1/auth/token/", {"username": "a", "password": "b"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.urls("tests.test_errors")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nothing/", 404, "此处没有内容"),
        ("/raise/not-permitted/", 403, "您的岗位没有此项权限"),
        ("/raise/denied/", 403, "您的岗位没有此项权限"),
        ("/raise/stale/", 409, "row 7 changed"),
        ("/raise/fields/", 400, "请检查录入内容"),
        ("/raise/unreadable/", 400, "请求无法识别"),
        ("/raise/only-a-form/", 405, "请回到表单重新提交"),
    ],
)
def test_pages_say_it_in_chinese_with_the_shell_around(db, address, status, words):
    answer = sign_in(make_staff(name="许知微")).get(address)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "许知微" in page) == (status, True, True)
    assert "Content-Security-Policy" in answer


@pytest.mark.urls("tests.test_errors")
def test_what_breaks_is_a_page_without_the_shell_and_without_what_was_typed(db):
    client = sign_in(make_staff(name="许知微"))
    client.raise_request_exception = False
    answer = client.get("/raise/broken/")
    page = answer.content.decode()
    assert (answer.status_code, "许知微" in page, NAME_OF_SOMEBODY in page) == (500, False, False)


def test_pages_answer_in_english_after_the_switch(client, db):
    client.cookies["django_language"] = "en"
    assert "There is nothing at this address." in client.get("/nothing/").content.decode()


def test_a_browser_that_prefers_english_still_gets_chinese(client, db):
    answer = client.get("/nothing/", headers={"Accept-Language": "en-US,en"})
    assert ("此处没有内容" in answer.content.decode(), answer["Content-Language"]) == (True, "zh-hans")


def test_a_log_line_has_the_place_and_not_the_words():
    line = logged(lambda: int(NAME_OF_SOMEBODY))
    assert "builtins.ValueError" in line
    assert "test_errors.py" in line
    assert NAME_OF_SOMEBODY not in line.replace("NAME_OF_SOMEBODY", "")


def test_a_log_line_of_a_database_error_has_the_constraint_and_not_the_row(db):
    make_staff("zhangsanfeng")
    line = logged(lambda: make_staff("zhangsanfeng"))
    assert "IntegrityError 23505 staff_staff_username_key" in line
    assert "zhangsanfeng)" not in line


def logged(act) -> str:
    try:
        act()
    except (ValueError, IntegrityError):
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "x", 1, "broke", (), sys.exc_info())
    return LineFormatter("{message}", style="{").format(record)
