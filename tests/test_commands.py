import pytest
from django.urls import reverse
from django.utils import translation

from tellerdesk import commands
from tellerdesk.commands import KEYS, TRANSACTIONS, Offer, search
from tellerdesk.navigation import GROUPS
from tellerdesk.staff.roles import POSITIONS_BY_PERMISSION

ROWS = [*TRANSACTIONS, *(place for title, places in GROUPS for place in places)]
BROWSERS_OWN = {"F5", "F11", "F12"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.url_name)
def test_every_row_leads_to_a_screen(row):
    assert reverse(row.url_name).startswith("/")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.url_name)
def test_every_row_asks_a_permission_that_positions_have(row):
    assert row.permission == "" or row.permission in POSITIONS_BY_PERMISSION


def test_codes_are_given_once():
    codes = [row.code for row in TRANSACTIONS]
    assert codes == sorted(set(codes))


def test_the_browser_keeps_its_keys():
    names = {key.name for key in KEYS}
    assert names & BROWSERS_OWN == set()
    assert [name for name in names if len(name) == 1] == ["/"]


def offers():
    return [
        Offer(
            code=row.code,
            title=str(row.title),
            initials=commands.initials_of(row),
            words=commands.words_of(row),
            hint="",
            url="",
            allowed=True,
        )
        for row in TRANSACTIONS
    ]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1001", ["1001"]),
        ("klgrkh", ["1001"]),
        ("KH", ["1001", "1002", "1004", "1006", "1009", "2002", "2005", "2007", "2008"]),
        ("客户信息", ["1002"]),
        ("look-up", ["1004"]),
        ("没有这个", []),
    ],
)
def test_a_transaction_is_found_by_code_word_or_initials(typed, codes):
    with translation.override("en"):
        assert [offer.code for offer in search(offers(), typed)] == codes
