"""The scripts of the counter in a real browser, on a page small enough to read; no server behind it."""

import json
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="browser tests need Chromium")]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
HERE = "http://counter.test/"
ROWS = [
    {"code": "1001", "title": "开立个人客户", "initials": "klgrkh", "words": "开立个人客户 open", "url": "/1001/"},
    {"code": "1002", "title": "客户信息维护", "initials": "khxxwh", "words": "客户信息维护 amend", "url": "/1002/"},
]
DATA = json.dumps(
    {
        "keys": {"/": "bar", "F2": "bar", "F1": "list", "F8": "press", "F9": "press"},
        "transactions": [row | {"allowed": True, "hint": "", "course": None, "reason": ""} for row in ROWS],
        "places": [],
    }
)
BAR = """
<form data-commands data-list-url="/commands/" data-transactions="交易" data-pages="页面" data-none="没有">
  <input id="cmd" role="combobox"><kbd data-cmd-hint data-open="Esc">/</kbd>
  <div class="cmd__panel" hidden><ul role="listbox"></ul><p data-cmd-none></p></div></form>"""
FORM = """
<form id="f" data-enter method="post" action="/done/">
  <input name="number" required><input name="name" required><input name="born" readonly value="1991-08-16">
  <label class="choice"><input type="radio" name="decision" value="a">a</label>
  <label class="choice"><input type="radio" name="decision" value="b">b</label>
  <textarea name="note"></textarea><input name="mobile">
  <button type="button" data-key="F8" id="back">退回</button><button data-key="F9">提交</button></form>"""


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser):
    opened = browser.new_page()
    yield opened
    opened.close()


class Counter:
    """One page with the given body; `posts` are the forms sent, `saves` what autosave posted and is answered with."""

    def __init__(self, page, body, scripts, enter_moves=True):
        self.page, self.posts, self.saves, self.answer = page, [], [], {"json": {"saved": "已保存"}}
        tags = "".join(f'<script src="/js/{name}.js" defer></script>' for name in scripts)
        block = f'<script type="application/json" id="commands-data">{DATA}</script>'
        moves = " data-enter-moves" if enter_moves else ""
        self.html = f"<!doctype html><meta charset=utf-8><body{moves}>{body}{block}{tags}"
        page.route("**/*", self.serve)
        page.goto(HERE)

    def serve(self, route):
        path = route.request.url.removeprefix(HERE)
        if path.startswith("js/"):
            route.fulfill(path=SCRIPTS / path.removeprefix("js/"), content_type="text/javascript")
        elif path == "save/":
            self.saves.append(route.request.post_data)
            route.fulfill(**self.answer)
        else:
            if route.request.method == "POST":
                self.posts.append(route.request.post_data)
            route.fulfill(body=self.html, content_type="text/html")

    def type(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def focus(self):
        return self.page.evaluate("document.activeElement.name || document.activeElement.id || 'body'")


def counter(page, **kwargs):
    made = Counter(page, BAR + FORM, ("keys", "commands", "enter", "choices", "once"), **kwargs)
    page.focus("[name=number]")
    return made


def test_enter_walks_the_fields_and_passes_over_what_the_document_filled(page):
    desk = counter(page)
    seen = [desk.focus]
    for _ in range(3):
        desk.type("Enter")
        seen.append(desk.focus)
    assert seen == ["number", "name", "decision", "note"]
    assert desk.posts == []


def test_shift_enter_goes_back(page):
    desk = counter(page)
    desk.type("Enter", "Shift+Enter")
    assert desk.focus == "number"


def test_a_text_area_keeps_its_enter(page):
    desk = counter(page)
    page.focus("[name=note]")
    desk.type("a", "Enter", "b")
    assert page.input_value("[name=note]") == "a\nb"
    assert desk.focus == "note"


def test_a_reader_never_sends_half_a_form(page):
    desk = counter(page)
    page.focus("[name=mobile]")
    page.keyboard.type("13900000128")
    desk.type("Enter")
    assert desk.focus == "number"
    assert desk.posts == []


def test_the_last_field_confirms_a_whole_form(page):
    desk = counter(page)
    page.fill("[name=number]", "1")
    page.fill("[name=name]", "2")
    page.focus("[name=mobile]")
    desk.type("Enter")
    page.wait_for_url("**/done/")
    assert len(desk.posts) == 1


def test_with_the_switch_off_enter_confirms_but_never_half_a_form(page):
    desk = counter(page, enter_moves=False)
    desk.type("Enter")
    assert (desk.focus, desk.posts) == ("number", [])
    page.fill("[name=number]", "1")
    page.fill("[name=name]", "2")
    desk.type("Enter")
    page.wait_for_url("**/done/")
    assert len(desk.posts) == 1


@pytest.mark.parametrize("composing", ["{isComposing: true}", "{keyCode: 229}"])
def test_the_enter_that_chooses_a_candidate_does_nothing_else(page, composing):
    desk = counter(page)
    page.evaluate(
        f"""document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", Object.assign({{key: "Enter", bubbles: true}}, {composing})))"""
    )
    assert desk.focus == "number"


def test_f9_sends_once_however_often_it_is_pressed(page):
    desk = counter(page)
    page.fill("[name=number]", "1")
    page.fill("[name=name]", "2")
    page.evaluate(
        """for (let i = 0; i < 3; i++)
        document.dispatchEvent(new KeyboardEvent("keydown", {key: "F9", bubbles: true}))"""
    )
    page.wait_for_url("**/done/")
    assert len(desk.posts) == 1


OTHERS = """
<form id="own"><input name="why"><button>记录</button></form>
<form id="lone"><button type="button" id="export">导出</button></form>
<form id="one" data-either><input name="paper"><button type="button" data-key="F9">一</button></form>
<form id="two" data-either><input name="customer"><button type="button" data-key="F9">二</button></form>"""


@pytest.mark.parametrize(
    ("fill", "focus", "pressed"),
    [
        ({}, "[name=why]", "记录"),
        ({}, "[name=customer]", "二"),
        ({}, "#export", "一"),
        ({"customer": "1"}, "#export", "二"),
        ({"paper": "1", "customer": "1"}, "#export", "一"),
        ({"customer": "1"}, "#cmd", "二"),
    ],
)
def test_f9_is_of_the_form_one_stands_in(page, fill, focus, pressed):
    desk = Counter(page, BAR + OTHERS, ("keys",))
    page.evaluate(
        "document.addEventListener('click', (e) => { e.preventDefault(); document.title += e.target.textContent; })"
    )
    for name, value in fill.items():
        page.fill(f"[name={name}]", value)
    page.focus(focus)
    desk.type("F9")
    assert page.title() == pressed


@pytest.mark.parametrize(
    ("begin", "errors", "focus"), [("", "", "number"), ("mobile", "", "mobile"), ("", "<p data-errors>", "body")]
)
def test_a_page_begins_in_its_first_field_or_the_one_named(page, begin, errors, focus):
    body = FORM.replace("data-enter", f'data-enter data-begin="{begin}"')
    assert Counter(page, errors + body, ("enter",)).focus == focus


def test_what_is_missing_for_a_sheet_is_said_in_our_words_at_its_field(page):
    form = """<form method="post"><input name="reason" required data-missing="missing"><p id="missing" hidden>请填写</p>
      <button data-key="F9">导出</button></form>"""
    desk = Counter(page, form, ("keys", "errors"))
    desk.type("F9")
    assert page.is_visible("#missing")
    assert (page.get_attribute("[name=reason]", "aria-describedby"), desk.focus) == ("missing", "reason")
    desk.type("a")
    assert page.is_hidden("#missing")
    assert not desk.posts
    with page.expect_navigation():
        desk.type("F9")
    assert desk.posts == ["reason=a"]


def test_f8_presses_the_button_that_sends_back(page):
    desk = counter(page)
    page.evaluate("document.getElementById('back').addEventListener('click', () => document.title = 'back')")
    desk.type("F8")
    assert page.title() == "back"


def test_a_slash_in_a_field_is_a_slash_and_outside_opens_the_bar(page):
    desk = counter(page)
    desk.type("/")
    assert page.input_value("[name=number]") == "/"
    page.evaluate("document.activeElement.blur()")
    desk.type("/")
    assert desk.focus == "cmd"


def test_f2_opens_the_bar_anywhere_and_escape_goes_back_to_the_field(page):
    desk = counter(page)
    desk.type("F2")
    assert desk.focus == "cmd"
    assert page.get_attribute("#cmd", "aria-expanded") == "true"
    desk.type("Escape")
    assert desk.focus == "number"
    assert page.is_hidden(".cmd__panel")


@pytest.mark.parametrize(
    ("typed", "keys", "opened"),
    [("1002", [], "/1002/"), ("kh", [], "/1001/"), ("kh", ["ArrowDown"], "/1002/"), ("维护", [], "/1002/")],
)
def test_enter_opens_what_the_bar_found(page, typed, keys, opened):
    desk = counter(page)
    desk.type("F2")
    page.keyboard.type(typed)
    desk.type(*keys, "Enter")
    page.wait_for_url(f"**{opened}")
    assert page.url.endswith(opened)


def test_the_choice_follows_its_radio(page):
    counter(page)
    page.click("text=b")
    assert [each.get_attribute("class") for each in page.query_selector_all("label")] == ["choice", "choice choice--on"]


def drafting(page):
    body = """<form id="f" data-autosave-url="/save/" data-autosave-lost="登录已失效" data-autosave-failed="网络中断"
      method="post" action="/done/"><input name="name"><button>提交</button></form><p data-autosave-status></p>"""
    return Counter(page, body, ("autosave", "once"))


def test_what_is_typed_is_saved_after_a_quiet_moment(page):
    desk = drafting(page)
    page.fill("[name=name]", "顾青禾")
    page.wait_for_function("document.querySelector('[data-autosave-status]').textContent")
    assert page.text_content("[data-autosave-status]") == "已保存"
    assert len(desk.saves) == 1
    assert "顾青禾" in desk.saves[0]


@pytest.mark.parametrize("answer", [{"status": 302, "headers": {"Location": "/login/"}}, {"status": 401}])
def test_with_the_login_gone_the_form_stays_and_is_not_sent(page, answer):
    desk = drafting(page)
    desk.answer = answer
    page.fill("[name=name]", "顾青禾")
    page.click("button")
    page.wait_for_selector("[role=alert]")
    assert page.text_content("[role=alert]") == "登录已失效"
    assert page.input_value("[name=name]") == "顾青禾"
    assert desk.posts == []


def test_after_logging_in_again_the_form_is_sent(page):
    desk = drafting(page)
    desk.answer = {"status": 401}
    page.fill("[name=name]", "顾青禾")
    page.click("button")
    page.wait_for_selector("[role=alert]")
    desk.answer = {"json": {}}
    page.click("button")
    page.wait_for_url("**/done/")
    assert len(desk.posts) == 1


def quiz(page, seconds):
    body = f"""<p role="timer" data-now="2026-11-24T14:00:00+08:00" data-form="f" data-five="五分" data-one="还剩1分钟"
      data-deadline="2026-11-24T14:{seconds // 60:02}:{seconds % 60:02}+08:00"><span data-clock></span></p>
      <p data-clock-status></p>
      <form id="f" method="post" action="/done/"><button name="go" value="submit" data-time-up></form>"""
    return Counter(page, body, ("clock",))


def test_the_clock_counts_down_by_the_servers_time_and_says_when_a_minute_is_left(page):
    quiz(page, 61)
    # Both in one look, for the next second passes meanwhile.
    found = page.wait_for_function(
        "() => { const texts = ['[data-clock-status]', '[data-clock]'].map((each) =>"
        " document.querySelector(each).textContent); return texts[0] && texts }"
    )
    assert found.json_value() == ["还剩1分钟", "01:00"]


def test_at_zero_the_quiz_is_handed_in(page):
    desk = quiz(page, 1)
    page.wait_for_url("**/done/")
    assert desk.posts == ["go=submit"]
