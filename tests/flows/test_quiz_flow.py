"""From the refusal that names the course to the permission, over HTTP and in a browser."""

import json
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tellerdesk.audit.verification import verify
from tests.factories import make_staff
from tests.flows.conftest import DESK, PHONE
from tests.training.makers import make_course
from training.models import Attempt, Qualification, QuestionVersion


def key_by_stem() -> dict:
    versions = QuestionVersion.objects.all()
    return {v.stem_zh: {o["zh"] for o in v.options if o["key"] in v.answer_key} for v in versions}


@pytest.mark.django_db(transaction=True)
def test_from_the_refusal_to_the_permission(client):
    staff = make_staff("newcomer")
    client.force_login(staff, backend="tellerdesk.staff.backends.PositionBackend")
    refused = client.post("/api/v1/identity-checks/", "{}", content_type="application/json").json()
    course = refused["courses"][0]
    material = client.get(course["url"]).content.decode()
    started = client.post(f"{course['url']}start/")
    attempt = client.get(f"/api/v1{started.headers['Location']}").json()
    answers = {
        str(each["id"]): [option["id"] for option in each["options"] if option["text"] in key_by_stem()[each["stem"]]]
        for each in attempt["questions"]
    }
    done = client.post(
        f"/api/v1/training/attempts/{attempt['id']}/submit/",
        json.dumps({"answers": answers}),
        content_type="application/json",
    ).json()
    result = client.get(f"/training/attempts/{attempt['id']}/result/").content.decode()
    anew = type(staff).objects.get(pk=staff.pk)
    assert (refused["permission"], course["code"]) == ("customers.check_identity", "counter-cif")
    assert "课后测试" in material
    assert (done["score"], done["passed"]) == ("100.00", True)
    assert "测试成绩: 100.00分。恭喜您顺利通过考试!" in result
    assert anew.has_perm("customers.open_customer")
    assert [fault for fault in verify().faults if fault.where.startswith("training.")] == []
    call_command("verify_audit", verbosity=0)


def tick(page, *, wrong=frozenset()):
    """Ticks the right options of every question on the page; those in `wrong` get the first option alone."""
    keys = key_by_stem()
    for card in page.locator("[data-question]").all():
        number = int(card.get_attribute("data-question"))
        right = keys[card.locator("legend").inner_text().strip()]
        labels = card.locator("label.choice").all()
        texts = [re.sub(r"^[A-H]\s*", "", label.inner_text().strip()).strip() for label in labels]
        for index, label in enumerate(labels):
            if (index == 0) if number in wrong else (texts[index] in right):
                label.click()


def saved(page):
    expect(page.locator("[data-autosave-status]")).to_contain_text("已保存")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInTheBrowser:
    @pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
    def test_one_question_a_screen(self, open_page, log_in, accessible, viewport):
        make_course()
        staff = make_staff()
        page = open_page(viewport)
        log_in(page, staff)
        page.goto("/training/courses/counter-cif/")
        found = accessible(page)
        page.get_by_role("button", name="开始测试").click()
        for number in range(1, 8):
            page.wait_for_selector(f"[data-question='{number}']")
            if number in (1, 3, 7):
                found += accessible(page)
            tick(page, wrong={4})
            if number < 7:
                page.get_by_role("button", name="下一题").locator("visible=true").click()
        assert page.locator(".quiz-map .answered").count() == 7
        page.locator("[data-key=F9]").click()
        page.wait_for_url("**/result/")
        found += accessible(page)
        assert page.get_by_text("测试成绩: 85.71分。恭喜您顺利通过考试!").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert found == []
        assert Qualification.objects.filter(staff=staff).exists()

    @pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
    def test_all_on_one_page_survives_a_power_cut(self, open_page, log_in, accessible, viewport):
        course = make_course("customer-maintenance")
        staff = make_staff()
        page = open_page(viewport)
        log_in(page, staff)
        page.goto(f"/training/courses/{course.code}/")
        page.get_by_role("button", name="开始测试").click()
        page.locator("button[name=go][value=all]").locator("visible=true").first.click()
        page.wait_for_selector("[data-question='15']")
        clock = page.locator("[data-clock]").inner_text()
        tick(page, wrong={1, 2})
        page.locator("[data-question='15'] [data-mark]").click()
        page.wait_for_selector(".quiz-map [data-place='15'] .icon")
        saved(page)
        found = accessible(page)
        page.context.close()

        again = open_page(viewport)
        log_in(again, staff)
        again.goto(f"/training/attempts/{Attempt.objects.get().pk}/?all=1")
        assert re.fullmatch(r"(30:00|29:\d\d)", clock)
        assert again.locator("input:checked").count() == 15
        assert again.locator("[data-mark][aria-pressed=true]").count() == 1
        again.locator("[data-key=F9]").first.click()
        again.wait_for_url("**/result/")
        assert again.get_by_text("测试成绩: 86.67分。").is_visible()
        assert found == []

    def test_blanks_are_asked_about(self, open_page, log_in, accessible):
        make_course()
        page = open_page()
        log_in(page, make_staff())
        page.goto("/training/courses/counter-cif/")
        page.get_by_role("button", name="开始测试").click()
        page.wait_for_selector(".quiz-map")
        page.keyboard.press("F9")
        page.wait_for_url("**/submit/")
        found = accessible(page)
        page.get_by_role("link", name="第 5 题，未答").click()
        page.wait_for_selector("[data-question='5']")
        page.keyboard.press("F9")
        page.wait_for_url("**/submit/")
        page.keyboard.press("F9")
        page.wait_for_url("**/result/")
        found += accessible(page)
        assert page.get_by_text("未通过，可重新观看课程后再考").is_visible()
        assert found == []

    def test_without_any_script(self, open_page, log_in):
        make_course()
        staff = make_staff()
        page = open_page(scripts=False)
        log_in(page, staff)
        page.goto("/training/courses/counter-cif/")
        page.get_by_role("button", name="开始测试").click()
        page.get_by_role("button", name="标记").click()
        tick(page)
        page.get_by_role("button", name="整卷一页作答").first.click()
        pressed = page.locator("[data-question='1'] [aria-pressed=true]").count()
        kept = page.locator("[data-question='1'] input:checked").count()
        tick(page)
        page.get_by_role("button", name="交卷").first.click()
        assert (pressed, kept) == (1, 1)
        assert page.get_by_text("测试成绩: 100.00分。恭喜您顺利通过考试!").is_visible()

    def test_two_tabs_show_one_result(self, open_page, log_in):
        make_course()
        staff = make_staff()
        first = open_page()
        log_in(first, staff)
        first.goto("/training/courses/counter-cif/")
        first.get_by_role("button", name="开始测试").click()
        second = first.context.new_page()
        second.goto(first.url)
        tick(first)
        saved(first)
        for tab in (first, second):
            tab.goto(f"/training/attempts/{Attempt.objects.get().pk}/submit/")
        first.locator("[data-key=F9]").click()
        first.wait_for_url("**/result/")
        second.locator("[data-key=F9]").click()
        second.wait_for_url("**/result/")
        score = Attempt.objects.get().score
        assert (
            second.get_by_text(f"测试成绩: {score}分。").is_visible() or second.get_by_text("未通过").first.is_visible()
        )
        assert Attempt.objects.count() == 1

    def test_the_time_runs_out(self, open_page, log_in):
        course = make_course("customer-maintenance")
        staff = make_staff()
        page = open_page()
        page.clock.install()
        log_in(page, staff)
        page.goto(f"/training/courses/{course.code}/")
        page.get_by_role("button", name="开始测试").click()
        tick(page)
        saved(page)
        page.clock.fast_forward("29:30")
        said = page.locator("[data-clock-status]").inner_text()
        page.clock.fast_forward("00:31")
        page.wait_for_url(re.compile("/(submit|result)/"))
        assert said == "还剩 1 分钟。"
