"""Pages over HTTP: whose attempt it is, what a stale tab shows, what no page may ever carry."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.utils import timezone

from tellerdesk.audit.models import AuditEvent
from tellerdesk.staff.enums import Position
from tests.factories import make_branch, make_entity, make_staff
from tests.training.makers import qualify
from training.enums import Kind
from training.models import Attempt, QuestionVersion
from training.selectors.results import right_answers
from training.services import attempts as services
from training.services import courses

pytestmark = pytest.mark.django_db


def begin(course, staff):
    return services.start_attempt(course=course, by=staff)


def ticked(attempt, answers=None) -> dict:
    """What the form of all questions on one page posts."""
    answers = right_answers(attempt) if answers is None else answers
    return {"shown": list(answers), "all": "1"} | {f"q{pk}": options for pk, options in answers.items()}


def answered(attempt) -> list:
    return list(attempt.attemptquestion_set.values_list("chosen", flat=True))


class TestCourses:
    def test_the_list_costs_the_same_with_many_attempts(self, as_, course, django_assert_num_queries):
        staff = make_staff()
        client = as_(staff)
        client.get("/training/")
        with django_assert_num_queries(7):
            client.get("/training/")
        for _ in range(3):
            qualify(staff)
        with django_assert_num_queries(7):
            page = client.get("/training/").content.decode()
        assert page.count("柜面个人客户信息新建与维护") >= 1
        assert "100.00" in page

    def test_the_course_shows_its_text_and_starts_the_quiz(self, as_, course):
        staff = make_staff()
        client = as_(staff)
        page = client.get("/training/courses/counter-cif/").content.decode()
        started = client.post("/training/courses/counter-cif/start/")
        attempt = Attempt.objects.get(staff=staff)
        assert "联网核查：不一致不等于拒绝" in page
        assert started.headers["Location"] == f"/training/attempts/{attempt.pk}/"

    def test_starting_twice_leads_to_one_attempt(self, as_, course):
        client = as_(make_staff())
        found = {client.post("/training/courses/counter-cif/start/").headers["Location"] for _ in range(2)}
        assert len(found) == 1

    def test_strangers_log_in_first(self, client, course):
        answer = client.get("/training/courses/counter-cif/")
        assert answer.headers["Location"] == "/accounts/login/?next=/training/courses/counter-cif/"

    def test_an_unknown_course(self, as_, course):
        assert as_(make_staff()).get("/training/courses/nothing/").status_code == 404

    @pytest.mark.parametrize(("day", "words"), [(23, "有效至 2027-11-23"), (24, "将于 2027-11-23 到期")])
    def test_one_is_reminded_thirty_days_before(self, as_, course, settings, day, words):
        settings.BUSINESS_DATE = date(2026, 11, 24)
        staff = make_staff()
        qualify(staff)
        settings.BUSINESS_DATE = date(2027, 10, day)
        assert words in as_(staff).get("/training/qualifications/").content.decode()


class TestAttempt:
    def test_answers_are_kept_and_the_next_question_follows(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        first = attempt.attemptquestion_set.get(position=1)
        posted = {"shown": [first.pk], f"q{first.pk}": [f"{first.pk}-4"], "go": "2"}
        answer = as_(staff).post(f"/training/attempts/{attempt.pk}/", posted)
        assert answer.headers["Location"] == f"/training/attempts/{attempt.pk}/?question=2"
        assert answered(attempt)[0] == ["D"]

    def test_unticking_everything_empties_the_answer(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        third = attempt.attemptquestion_set.get(position=3)
        services.save_answers(attempt=attempt, answers={str(third.pk): [f"{third.pk}-1"]}, by=staff)
        as_(staff).post(f"/training/attempts/{attempt.pk}/", {"shown": [third.pk], "go": "4"})
        assert answered(attempt)[2] == []

    def test_marking_comes_back_to_the_question(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        answer = as_(staff).post(f"/training/attempts/{attempt.pk}/", {"mark": "3:on"})
        assert answer.headers["Location"] == f"/training/attempts/{attempt.pk}/?question=3"
        assert attempt.attemptquestion_set.get(position=3).is_marked

    def test_the_script_saves_and_reads_the_time(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        answer = as_(staff).post(f"/training/attempts/{attempt.pk}/save/", ticked(attempt))
        assert re.fullmatch(r"\d\d:\d\d:\d\d .+", answer.json()["saved"])
        assert answered(attempt)[6] == ["T"]

    def test_blanks_are_asked_about_and_a_full_sheet_is_not(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        client = as_(staff)
        asked = client.post(f"/training/attempts/{attempt.pk}/", {"go": "submit"})
        page = client.get(asked.headers["Location"]).content.decode()
        full = client.post(f"/training/attempts/{attempt.pk}/", ticked(attempt) | {"go": "submit"})
        assert asked.headers["Location"] == f"/training/attempts/{attempt.pk}/submit/"
        assert "还有 7 题未答" in page
        assert full.headers["Location"] == f"/training/attempts/{attempt.pk}/result/"

    def test_a_stale_tab_shows_the_result_and_changes_nothing(self, as_, course):
        staff = make_staff()
        attempt = qualify(staff).attempt
        client = as_(staff)
        result = f"/training/attempts/{attempt.pk}/result/"
        answers = [
            client.get(f"/training/attempts/{attempt.pk}/"),
            client.post(f"/training/attempts/{attempt.pk}/", {"go": "submit"}),
            client.get(f"/training/attempts/{attempt.pk}/submit/"),
            client.post(f"/training/attempts/{attempt.pk}/submit/"),
        ]
        assert {answer.headers["Location"] for answer in answers} == {result}
        assert client.post(f"/training/attempts/{attempt.pk}/save/").status_code == 409
        assert client.get(result).status_code == 200

    def test_after_the_deadline_the_result_is_shown(self, as_, timed):
        staff = make_staff()
        attempt = services.start_attempt(course=timed, by=staff, at=timezone.now() - timedelta(minutes=31))
        client = as_(staff)
        sent = client.post(f"/training/attempts/{attempt.pk}/", ticked(attempt) | {"go": "submit"})
        page = client.get(sent.headers["Location"]).content.decode()
        assert "0.00" in page
        assert "未通过，可重新观看课程后再考" in page
        assert "已到时间" in page

    def test_nobody_elses_attempt_is_found(self, as_, course):
        attempt = begin(course, make_staff())
        manager = make_staff(position=Position.BRANCH_MANAGER)
        for stranger in (make_staff(), manager):
            client = as_(stranger)
            paths = [f"/training/attempts/{attempt.pk}/{end}" for end in ("", "submit/", "result/")]
            assert [client.get(path).status_code for path in paths] == [404, 404, 404]
            assert client.post(paths[1]).status_code == 404
            assert client.post(f"/training/attempts/{attempt.pk}/save/", {"mark": "1:on"}).status_code == 404

    @pytest.mark.parametrize(
        "posted",
        [
            {"shown": ["x"], "qx": ["1"]},
            {"shown": ["\x00"]},
            {"shown": ["9" * 400]},
            {"mark": "٣:on"},
            {"mark": "99999999999:on"},
            {"go": "-1"},
            {"go": "9" * 50},
        ],
    )
    def test_odd_input_is_no_fault_of_ours(self, as_, course, posted):
        staff = make_staff()
        attempt = begin(course, staff)
        assert as_(staff).post(f"/training/attempts/{attempt.pk}/", posted).status_code in (302, 400)
        assert as_(staff).get(f"/training/attempts/{attempt.pk}/?question=x٣&all=2").status_code == 200


class TestKeyStaysHere:
    """Before the end nothing that a browser or a program gets differs between questions whose keys differ."""

    MARKERS = ("answer_key", "is_right", "explanation", "data-key-", "correct", "正确答案")

    def pages(self, client, attempt):
        address = f"/training/attempts/{attempt.pk}/"
        paths = [f"{address}?question={number}" for number in range(1, 8)] + [f"{address}?all=1", f"{address}submit/"]
        pages = [client.get(path).content.decode() for path in paths]
        return pages + [client.get(f"/api/v1/training/attempts/{attempt.pk}/").content.decode()]

    def test_no_marker_and_no_explanation(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        explanations = QuestionVersion.objects.values_list("explanation_zh", flat=True)
        for page in self.pages(as_(staff), attempt):
            assert [marker for marker in (*self.MARKERS, *explanations) if marker in page] == []

    def test_other_keys_give_the_same_pages(self, as_, course):
        """The same questions with every key changed: what is sent is the same to the byte, ids and tokens apart."""
        self.number_from_seven_millions()
        found = []
        for key in ("A", "B"):
            self.rekey(course, key)
            staff = make_staff()
            attempt = begin(course, staff)
            first = attempt.attemptquestion_set.first().pk
            found.append([self.plain(page, attempt, first) for page in self.pages(as_(staff), attempt)])
            services.submit_attempt(attempt=attempt, by=staff)
        assert found[0] == found[1]

    def number_from_seven_millions(self):
        """Ids that no page has as another number: 8 would also be that of UTF-8."""
        with connection.cursor() as cursor:
            for table in ("attempt", "attemptquestion"):
                cursor.execute("SELECT setval(%s, nextval(%s) + 7000000)", [f"training_{table}_id_seq"] * 2)

    def rekey(self, course, letter):
        editor = make_staff(position=Position.TRAINING_ADMIN)
        for question in course.question_set.all():
            now = question.questionversion_set.first()
            shape = {name: getattr(now, name) for name in ("kind", "stem_zh", "stem_en", "options")}
            keys = {Kind.MULTIPLE: [letter, "D"], Kind.TRUE_FALSE: ["T" if letter == "A" else "F"]}
            shape["answer_key"] = keys.get(now.kind, [letter])
            courses.edit_question(question=question, based_on=now.version, by=editor, **shape)

    def plain(self, page, attempt, first):
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", unescape(page))
        page = re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+", "", page)
        numbers = {attempt.pk: "attempt"} | {first + place: f"question{place}" for place in range(7)}
        return re.sub(r"\d+", lambda found: numbers.get(int(found[0]), found[0]), page)


class TestResult:
    def test_as_the_course_says_it(self, as_, course):
        staff = make_staff()
        attempt = begin(course, staff)
        answers = right_answers(attempt)
        fourth = str(attempt.attemptquestion_set.get(position=4).pk)
        services.submit_attempt(attempt=attempt, answers=answers | {fourth: answers[fourth][:2]}, by=staff)
        page = as_(staff).get(f"/training/attempts/{attempt.pk}/result/").content.decode()
        keys = re.findall(r"正确答案: (\w+)", page)
        assert "测试成绩: 85.71分。恭喜您顺利通过考试!" in page
        assert keys == ["D", "A", "AB", "ABC", "ABCD", "错误", "正确"]
        assert [page.index(title) for title in ("单选题", "多选题", "判断题")] == sorted(
            page.index(title) for title in ("单选题", "多选题", "判断题")
        )
        assert (page.count("√"), page.count("×"), page.count("漏选")) == (6, 1, 1)
        assert "/training/courses/counter-cif/#s4" in page

    def test_it_leads_to_what_it_opened(self, as_, course):
        staff = make_staff()
        attempt = qualify(staff).attempt
        page = as_(staff).get(f"/training/attempts/{attempt.pk}/result/").content.decode()
        assert "开立个人客户" in page
        assert 'href="/customers/' in page

    def test_who_may_review(self, as_, course):
        taker = make_staff()
        attempt = qualify(taker).attempt
        elsewhere, other_bank = make_branch("002"), make_branch("101", entity=make_entity("NB", "甬城农商行"))
        reviewers = {
            "own manager": make_staff(position=Position.BRANCH_MANAGER),
            "other manager": make_staff(position=Position.BRANCH_MANAGER, branch=elsewhere),
            "supervisor": make_staff(position=Position.SUPERVISOR),
            "training": make_staff(position=Position.TRAINING_ADMIN),
            "auditor": make_staff(position=Position.AUDITOR),
            "auditor of another bank": make_staff(position=Position.AUDITOR, branch=other_bank),
            "deputy": make_staff(position=Position.DEPUTY_PRESIDENT),
        }
        path = f"/training/attempts/{attempt.pk}/result/"
        found = {who: as_(staff).get(path).status_code for who, staff in reviewers.items()}
        assert found == {
            "own manager": 200,
            "other manager": 404,
            "supervisor": 404,
            "training": 200,
            "auditor": 200,
            "auditor of another bank": 404,
            "deputy": 404,
        }

    def test_results_of_the_branch(self, as_, course, django_assert_num_queries):
        manager = make_staff(position=Position.BRANCH_MANAGER)
        client = as_(manager)
        qualify(make_staff(name="白鹭洲"))
        client.get("/training/results/")
        with django_assert_num_queries(RESULTS_QUERIES):
            client.get("/training/results/")
        for name in ("顾青禾", "沈南山"):
            qualify(make_staff(name=name))
        qualify(make_staff(name="外人", branch=make_branch("002")))
        with django_assert_num_queries(RESULTS_QUERIES):
            page = client.get("/training/results/").content.decode()
        assert [name in page for name in ("白鹭洲", "顾青禾", "沈南山", "外人")] == [True, True, True, False]
        assert as_(make_staff()).get("/training/results/").status_code == 403


class TestAdministration:
    @pytest.fixture
    def trainer(self, as_):
        return as_(make_staff("trainer", position=Position.TRAINING_ADMIN))

    def form_of(self, question, **changes):
        version = question.questionversion_set.first()
        posted = {"stem_zh": version.stem_zh, "stem_en": version.stem_en, "based_on": version.version}
        for option in version.options:
            posted |= {f"zh_{option['key']}": option["zh"], f"en_{option['key']}": option["en"]}
        posted |= {f"right_{key}": "on" for key in version.answer_key}
        return {name: value for name, value in (posted | changes).items() if value is not None}

    def test_a_new_key_is_a_new_version(self, trainer, course):
        question = course.question_set.get(number=1)
        path = f"/training/manage/questions/{question.pk}/edit/"
        answer = trainer.post(path, self.form_of(question, right_D=None, right_B="on"))
        versions = question.questionversion_set.order_by("version")
        assert answer.status_code == 302
        assert [(v.version, v.answer_key, v.created_by) for v in versions] == [
            (1, ["D"], "system"),
            (2, ["B"], "trainer"),
        ]

    def test_saving_what_is_there_makes_none(self, trainer, course):
        question = course.question_set.get(number=6)
        version = question.questionversion_set.get()
        form = self.form_of(question, section=version.section)
        form |= {name: getattr(version, name) for name in ("explanation_zh", "explanation_en")}
        trainer.post(f"/training/manage/questions/{question.pk}/edit/", form)
        assert question.questionversion_set.count() == 1

    def test_the_second_of_two_editors_is_told(self, trainer, course):
        question = course.question_set.get(number=1)
        path = f"/training/manage/questions/{question.pk}/edit/"
        stale = self.form_of(question, stem_zh="甲改的")
        trainer.post(path, self.form_of(question, stem_zh="乙改的"))
        page = trainer.post(path, stale).content.decode()
        assert "甲改的" in page
        assert question.questionversion_set.count() == 2

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"right_D": None}, "请标出正确选项"),
            ({"right_A": "on"}, "只能有一个正确选项"),
            ({"zh_A": ""}, "每个选项都要有中文"),
            ({"zh_B": "数量没有限制"}, "有两个选项相同"),
            ({"stem_zh": ""}, "必填"),
            ({"stem_zh": "问\x00"}, "错误"),
            ({"stem_zh": "问" * 301}, "300"),
            ({"section": "x"}, "错误"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, trainer, course, changes, words):
        question = course.question_set.get(number=1)
        form = self.form_of(question, **{"zh_C": "两个半"} | changes)
        answer = trainer.post(f"/training/manage/questions/{question.pk}/edit/", form)
        page = answer.content.decode()
        assert (answer.status_code, words in page, "两个半" in page) == (200, True, True)
        assert question.questionversion_set.count() == 1

    def test_a_new_question_is_asked_and_a_retired_one_is_not(self, trainer, course):
        form = {"stem_zh": "新题", "zh_A": "甲", "zh_B": "乙", "right_A": "on"}
        trainer.post("/training/manage/counter-cif/questions/new/?kind=single", form)
        first = course.question_set.get(number=1)
        trainer.post(f"/training/manage/questions/{first.pk}/retire/")
        attempt = begin(course, make_staff())
        numbers = [row.question_version.question.number for row in attempt.attemptquestion_set.all()]
        assert numbers == [2, 3, 4, 5, 6, 7, 8]

    def test_the_course(self, trainer, course):
        form = {"title_zh": "新名", "pass_mark": "80", "minutes": "20", "valid_months": "6", "material_zh": "## 一\n文"}
        answer = trainer.post("/training/manage/counter-cif/edit/", form | {"unlocks": ["customers.open_customer"]})
        course.refresh_from_db()
        unlocked = list(course.courseunlock_set.in_force().values_list("permission", flat=True))
        assert answer.status_code == 302
        assert (course.title_zh, course.minutes, course.valid_months, course.is_open) == ("新名", 20, 6, False)
        assert unlocked == ["customers.open_customer"]

    def test_nothing_changed_writes_nothing(self, trainer, course):
        """The texts come back from a browser with CRLF."""
        names = ("title_zh", "title_en", "pass_mark", "valid_months", "material_zh", "material_en")
        form = {name: str(getattr(course, name)).replace("\n", "\r\n") for name in names} | {"is_open": "on"}
        unlocks = list(course.courseunlock_set.in_force().values_list("permission", flat=True))
        trainer.post("/training/manage/counter-cif/edit/", form | {"unlocks": unlocks})
        assert not AuditEvent.objects.filter(actor="trainer").exists()

    @pytest.mark.parametrize("bad", [{"pass_mark": "0"}, {"pass_mark": "101"}, {"minutes": "0"}, {"unlocks": ["x.y"]}])
    def test_bad_courses_are_refused(self, trainer, course, bad):
        form = {"title_zh": "新名", "pass_mark": "80", "valid_months": "6", "material_zh": "文"}
        answer = trainer.post("/training/manage/counter-cif/edit/", form | bad)
        course.refresh_from_db()
        assert (answer.status_code, course.title_zh) == (200, "柜面个人客户信息新建与维护")

    def test_extra_time(self, trainer, course):
        staff = make_staff("slow")
        trainer.post("/training/manage/", {"username": "slow", "percent": "50"})
        refused = trainer.post("/training/manage/", {"username": "nobody", "percent": "50"}).content.decode()
        assert staff.timeallowance.percent == 50
        assert "没有这名员工" in refused

    def test_pages_are_drawn(self, trainer, course):
        question = course.question_set.get(number=3)
        paths = [
            "/training/manage/",
            "/training/manage/counter-cif/",
            "/training/manage/counter-cif/edit/",
            "/training/manage/counter-cif/questions/new/?kind=multiple",
            f"/training/manage/questions/{question.pk}/edit/",
            "/training/qualifications/",
        ]
        assert [trainer.get(path).status_code for path in paths] == [200] * 6

    def test_an_auditor_reads_and_a_teller_does_not(self, as_, course):
        question = course.question_set.get(number=1)
        paths = [
            "/training/manage/",
            "/training/manage/counter-cif/",
            f"/training/manage/questions/{question.pk}/edit/",
            "/training/manage/counter-cif/edit/",
            "/training/manage/counter-cif/questions/new/",
        ]
        found = {}
        for position in (Position.AUDITOR, Position.TELLER):
            client = as_(make_staff(position=position))
            found[position] = [client.get(path).status_code for path in paths]
        assert found == {Position.AUDITOR: [200, 200, 200, 403, 403], Position.TELLER: [403] * 5}
        auditor = as_(make_staff(position=Position.AUDITOR))
        auditor.post(paths[2], self.form_of(question, stem_zh="改"))
        auditor.post("/training/manage/", {"username": "nobody", "percent": "5"})
        assert question.questionversion_set.count() == 1


RESULTS_QUERIES = 8
