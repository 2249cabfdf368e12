"""Tests marked `browser` need Chromium: without it they are skipped aloud, or refused where it must be there."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
MISSING = "no Chromium on this machine (apt-get install chromium fonts-noto-cjk)"


def chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config, items):
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if not wanted or chromium():
        return
    if os.environ.get("TELLERDESK_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"Browser tests must run here, but there is {MISSING}.")
    for item in wanted:
        item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were SKIPPED: {MISSING}.", yellow=True, bold=True)
