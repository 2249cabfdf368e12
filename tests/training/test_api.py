"""The calls of the contract, and everything that may be sent in their place."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_staff
from tests.training.makers import qualify
from training.models import Attempt, QuestionVersion
from training.selectors.results import right_answers
from training.services import attempts as services
from training.services import courses

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/training/"


@pytest.fixture
def staff():
    return make_staff()


@pytest.fixture
def api(as_, staff):
    return Caller(as_(staff))


class Caller:
    def __init__(self, client):
        self.client = client

    def get(self, path, **headers):
        return self.client.get(ROOT + path, headers=headers)

    def send(self, method, path, body=None, **headers):
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body)
        return self.client.generic(method, ROOT + path, raw, content_type="application/json", headers=headers)

    def start(self, code="counter-cif"):
        return self.send("POST", f"courses/{code}/attempts/").json()


def by_text(attempt: dict) -> dict:
    """Answers as a program finds them: by the texts of the bank."""
    bank = {version.stem_zh: version for version in QuestionVersion.objects.all()}
    answers = {}
    for question in attempt["questions"]:
        version = bank[question["stem"]]
        right = {option["zh"] for option in version.options if option["key"] in version.answer_key}
        answers[str(question["id"])] = [option["id"] for option in question["options"] if option["text"] in right]
    return answers


def test_courses(api, course):
    listed = api.get("courses/").json()
    one = api.get("courses/counter-cif/").json()
    assert [(each["code"], each["questions"], each["minutes"]) for each in listed["results"]] == [
        ("counter-cif", 7, None),
        ("customer-maintenance", 15, 30),
    ]
    assert (listed["next"], one["pass_mark"], one["held_until"]) == (None, "60.00", None)
    assert one["material"][0]["title"] == "客户号：一人一号"


def test_an_attempt_has_exactly_the_fields_of_the_contract(api, course):
    answer = api.send("POST", "courses/counter-cif/attempts/")
    attempt = answer.json()
    first = attempt["questions"][0]
    assert answer.status_code == 201
    assert set(attempt) == {"id", "course", "number", "pass_mark", "started_at", "deadline", "questions"}
    assert set(first) == {"id", "kind", "stem", "options", "chosen", "is_marked"}
    assert {frozenset(option) for question in attempt["questions"] for option in question["options"]} == {
        frozenset({"id", "text"})
    }
    assert (attempt["deadline"], first["kind"], len(attempt["questions"])) == (None, "single", 7)
    assert first["stem"] == "一位客户在同一家法人行社最多可以拥有多少个客户号?"


def test_english_by_accept_language(api, course):
    attempt = api.send("POST", "courses/counter-cif/attempts/", **{"Accept-Language": "en"}).json()
    assert attempt["questions"][6]["options"][0]["text"] == "True"
    assert attempt["questions"][0]["stem"].startswith("How many customer numbers")


def test_all_right_and_then_closed(api, course):
    attempt = api.start()
    path = f"attempts/{attempt['id']}/submit/"
    done = api.send("POST", path, {"answers": by_text(attempt)})
    again = api.send("POST", path, {"answers": {}})
    late = api.send("PUT", f"attempts/{attempt['id']}/answers/", {})
    body = done.json()
    assert (done.status_code, body["score"], body["passed"], body["right"], body["total"]) == (
        200,
        "100.00",
        True,
        7,
        7,
    )
    assert set(body["review"][0]) == {"question", "kind", "stem", "options", "chosen", "key", "right", "explanation"}
    assert [again.status_code, again.json()["code"], late.status_code] == [409, "attempt_closed", 409]
    assert again.json()["context"] == {"attempt": attempt["id"]}
    assert api.get(f"attempts/{attempt['id']}/").json() == body


def test_six_of_seven(api, course):
    attempt = api.start()
    answers = by_text(attempt)
    fourth = str(attempt["questions"][3]["id"])
    answers[fourth] = answers[fourth][:2]
    body = api.send("POST", f"attempts/{attempt['id']}/submit/", {"answers": answers}).json()
    assert (body["score"], body["passed"], body["right"]) == ("85.71", True, 6)
    assert [each["right"] for each in body["review"]] == [True, True, True, False, True, True, True]
    assert (body["review"][3]["chosen"], len(body["review"][3]["key"])) == (answers[fourth], 3)


def test_saved_answers_count_without_any_in_the_submission(api, course):
    attempt = api.start()
    saved = api.send("PUT", f"attempts/{attempt['id']}/answers/", by_text(attempt))
    done = api.send("POST", f"attempts/{attempt['id']}/submit/")
    assert (saved.status_code, saved.json()["questions"][0]["chosen"] != []) == (200, True)
    assert done.json()["score"] == "100.00"


def test_an_empty_set_is_unanswered_and_no_fault(api, course):
    attempt = api.start()
    blank = {str(question["id"]): [] for question in attempt["questions"]}
    answer = api.send("POST", f"attempts/{attempt['id']}/submit/", {"answers": blank})
    assert (answer.status_code, answer.json()["score"], answer.json()["passed"]) == (200, "0.00", False)


def test_after_the_deadline(api, staff, timed):
    attempt = services.start_attempt(course=timed, by=staff, at=timezone.now() - timedelta(minutes=31))
    saved = api.send("PUT", f"attempts/{attempt.pk}/answers/", right_answers(attempt))
    shown = api.get(f"attempts/{attempt.pk}/").json()
    assert (saved.status_code, saved.json()["code"]) == (409, "attempt_closed")
    assert (shown["score"], shown["closed_by"], shown["passed"]) == ("0.00", "deadline", False)


def test_a_timed_course_says_its_deadline(api, timed):
    assert api.start("customer-maintenance")["deadline"] is not None


def test_a_closed_course(api, staff, course):
    courses.edit_course(course=course, is_open=False, by=staff)
    answer = api.send("POST", "courses/counter-cif/attempts/")
    assert (answer.status_code, answer.json()["code"]) == (409, "course_not_open")


FIRST = "the first question"
WRONG = [
    ([], "answers", "not_an_object"),
    ("x", "answers", "not_an_object"),
    (None, "answers", "not_an_object"),
    (5, "answers", "not_an_object"),
    ({"0": []}, "answers.0", "unknown_question"),
    ({"\x00": []}, "answers.\x00", "unknown_question"),
    ({"9" * 5000: []}, "answers." + "9" * 40, "unknown_question"),
    ({FIRST: "x"}, FIRST, "not_a_list"),
    ({FIRST: None}, FIRST, "not_a_list"),
    ({FIRST: {"a": 1}}, FIRST, "not_a_list"),
    ({FIRST: [1]}, FIRST, "unknown_option"),
    ({FIRST: [None]}, FIRST, "unknown_option"),
    ({FIRST: [["x"]]}, FIRST, "unknown_option"),
    ({FIRST: ["A"]}, FIRST, "unknown_option"),
    ({FIRST: ["\x00"]}, FIRST, "unknown_option"),
    ({FIRST: ["😀" * 100_000]}, FIRST, "unknown_option"),
    ({FIRST: ["{id}-1", "{id}-2"]}, FIRST, "one_option_only"),
    ({FIRST: ["{id}-1", "{id}-1"]}, FIRST, "repeated_option"),
]


@pytest.mark.parametrize(("sent", "field", "code"), WRONG)
def test_wrong_answers_are_named(api, course, sent, field, code):
    attempt = api.start()
    first = str(attempt["questions"][0]["id"])
    if isinstance(sent, dict) and FIRST in sent:
        given = sent[FIRST]
        given = (
            [each.replace("{id}", first) if isinstance(each, str) else each for each in given]
            if isinstance(given, list)
            else given
        )
        sent, field = {first: given}, f"answers.{first}"
    put = api.send("PUT", f"attempts/{attempt['id']}/answers/", sent if sent is not None else b"null")
    post = api.send("POST", f"attempts/{attempt['id']}/submit/", {"answers": sent})
    for answer in (put, post):
        assert answer.status_code == 400
        assert {name: [each["code"] for each in found] for name, found in answer.json()["errors"].items()} == {
            field: [code]
        }
    assert not Attempt.objects.finished().exists()


def test_another_attempts_questions_are_unknown(api, course):
    theirs = services.start_attempt(course=course, by=make_staff())
    mine = api.start()
    answer = api.send("PUT", f"attempts/{mine['id']}/answers/", right_answers(theirs))
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 7


@pytest.mark.parametrize("body", [b"", b"{", b"\x00", b"[1,", b'"x"', b"NaN", b"[" * 100_000, "好".encode("gb18030")])
def test_bodies_that_are_no_json_or_no_object(api, course, body):
    attempt = api.start()
    put = api.send("PUT", f"attempts/{attempt['id']}/answers/", body)
    post = api.send("POST", f"attempts/{attempt['id']}/submit/", body)
    expected = {200, 400} if body == b"" else {400}
    assert {put.status_code, post.status_code} <= expected


def test_a_submission_that_is_a_list(api, course):
    attempt = api.start()
    answer = api.send("POST", f"attempts/{attempt['id']}/submit/", [1, 2])
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["__all__"])


def test_nobody_elses_attempt_is_found(api, course):
    theirs = qualify(make_staff()).attempt
    answers = [
        api.get(f"attempts/{theirs.pk}/"),
        api.send("PUT", f"attempts/{theirs.pk}/answers/", {}),
        api.send("POST", f"attempts/{theirs.pk}/submit/", {}),
        api.get("attempts/99999999999999999999999999/"),
        api.get("courses/nothing/"),
        api.send("POST", "courses/nothing/attempts/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6


def test_methods_and_strangers(api, client, course):
    attempt = api.start()
    refused = [api.send(method, f"attempts/{attempt['id']}/") for method in ("DELETE", "PATCH", "POST")]
    client.logout()
    unknown = [
        api.get("courses/"),
        api.get(f"attempts/{attempt['id']}/"),
        api.send("POST", "courses/counter-cif/attempts/"),
    ]
    assert [answer.status_code for answer in refused] == [405, 405, 405]
    assert [answer.status_code for answer in unknown] == [401, 401, 401]
