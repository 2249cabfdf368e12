from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from tellerdesk.core.templatetags import display


def render(source, **context):
    return Template("{% load display %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "written"),
    [
        ("{{ x|day }}", date(2026, 11, 24), "2026-11-24"),
        ("{{ x|day }}", datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "2026-11-24"),
        ("{{ x|moment }}", datetime(2026, 11, 24, 6, 2, 11, tzinfo=UTC), "2026-11-24 14:02"),
        ("{{ x|instant }}", datetime(2026, 11, 24, 6, 2, 11, tzinfo=UTC), "2026-11-24 14:02:11"),
        ("{{ x|clock }}", datetime(2026, 11, 24, 6, 2, 11, tzinfo=UTC), "14:02:11"),
        ("{{ x|duration }}", timedelta(minutes=4, seconds=38), "04:38"),
        ("{{ x|duration }}", timedelta(hours=1, seconds=5), "1:00:05"),
        ("{{ x|money }}", Decimal("102614.075"), "102,614.08"),
        ("{{ x|money }}", Decimal("-100"), "−100.00"),
        ("{{ x|fen }}", 10261408, "102,614.08"),
        ("{{ x|score }}", Decimal("85.714"), "85.71"),
        ("{{ x|masked_name }}", "欧阳娜娜", "欧**娜"),
        ("{{ x|masked_number }}", "11010519491231002X", "110105********002X"),
        ("{{ x|initials }}", "开立个人客户", "klgrkh"),
    ],
)
def test_a_fact_is_written_one_way(source, value, written):
    assert render(source, x=value) == written


@pytest.mark.parametrize("name", ["day", "moment", "instant", "clock", "money", "fen", "score", "idno", "masked_name"])
def test_what_is_not_known_is_a_dash(name):
    assert render("{{ x|" + name + " }}", x=None) == "—"


def test_numbers_are_grouped_as_they_are_read_aloud():
    parts = "<span>310104</span><span>19761105</span><span>0222</span>"
    assert render("{{ x|idno }}", x="310104197611050222") == f'<span class="idno">{parts}</span>'
    assert render("{{ x|idno }}", x="E12345678") == '<span class="idno"><span>E12345678</span></span>'
    parts = "<span>6203</span><span>1774</span><span>0926</span>"
    assert render("{{ x|customer_no }}", x="620317740926") == f'<span class="idno">{parts}</span>'


def test_a_number_is_escaped():
    assert render("{{ x|idno }}", x="<b>") == '<span class="idno"><span>&lt;b&gt;</span></span>'


def test_weekdays_speak_the_language_of_the_page():
    with translation.override("en"):
        assert str(display.weekday(date(2026, 11, 24))) == "Tue"
    with translation.override("zh-hans"):
        assert str(display.weekday(date(2026, 11, 24))) == "周二"


def test_an_icon_is_hidden_from_screen_readers():
    drawn = '<svg class="icon icon--l" aria-hidden="true" focusable="false"><use href="#i-check"/></svg>'
    assert render('{% icon "check" "l" %}') == drawn
