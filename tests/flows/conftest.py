"""A real browser in front of a real server; what a flow needs beyond that it makes itself."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browsers import FLAGS, chromium
from tests.factories import PASSWORD

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all flows. Playwright's loop makes Django think it runs asynchronously."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def live_server():
    """As gunicorn serves it: static files by their hashed names through whitenoise, not by Django's finders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def open_page(browser, live_server):
    """`open_page(viewport, scripts=True)` in a context of its own; fails where the page's console says an error."""
    contexts, errors = [], []

    def open_one(viewport=DESK, *, scripts=True):
        context = browser.new_context(
            viewport=viewport, base_url=live_server.url, java_script_enabled=scripts, locale="zh-CN"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def log_in():
    def as_(page, staff):
        page.goto("/accounts/login/")
        page.fill("[name=username]", staff.username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    return as_


@pytest.fixture
def accessible():
    """Says what axe finds, as rule and first place."""

    def findings(page):
        violations = Axe().run(page).response["violations"]
        return [(each["id"], each["nodes"][0]["target"], each["nodes"][0]["html"][:120]) for each in violations]

    return findings
