"""How many customers bring most of the money: the rule, the statement that agrees with it, page and interface."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_branch, make_staff, sign_in
from tests.tiering.bank import TODAY, make_bank
from tests.tiering.standing import make_standing
from tiering.enums import Tier
from tiering.models import TierAssignment
from tiering.rules.concentration import concentration
from tiering.selectors.concentration import bringing, concentration_of, parts_by_branch, parts_by_owner
from tiering.selectors.scope import scope_of

PAGE, URL = "/tiering/concentration/", "/api/v1/tiering/concentration/"
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_the_fewest_customers_who_reach_four_fifths():
    found = concentration([50, 30, 10, 5, 5, 0, -7])
    assert (found.customers, found.aum, found.bringing, found.floor) == (5, 100, 2, 30)
    assert [(head.percent, head.customers, head.aum) for head in found.heads] == [
        (1, 1, 50), (5, 1, 50), (10, 1, 50), (20, 1, 50), (50, 3, 90),
    ]  # fmt: skip
    assert (found.curve[0], found.curve[20], found.curve[40], found.curve[100]) == (0, 50, 80, 100)
    assert concentration([]) == concentration([0, -1])
    assert concentration([7]).bringing == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a pause of the machine is no fault
@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=60))
def test_one_fewer_would_not_do(amounts):
    found, ordered = concentration(amounts), sorted(amounts, reverse=True)
    assert 5 * sum(ordered[: found.bringing]) >= 4 * found.aum > 5 * sum(ordered[: found.bringing - 1])
    assert list(found.curve) == sorted(found.curve)


@pytest.fixture
def people():
    branch = make_branch()
    head = make_staff("head", position="head_office", branch=branch.legal_entity.branch_set.get(code="000"))
    opener, teller = make_staff("opener", position="supervisor"), make_staff("teller")
    rows = [make_standing(tier=Tier.BRANCH_STAFF, owner=teller if place % 2 else None, by=opener) for place in range(6)]
    return head, teller, rows


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-5, 40), min_size=6, max_size=6))
def test_the_statement_finds_what_the_rule_finds(people, amounts):
    head, teller, rows = people
    for row, amount in zip(rows, amounts, strict=True):
        TierAssignment.objects.filter(pk=row.pk).update(aum=amount)
    scope = scope_of(head)
    assert concentration_of(scope) == concentration(amounts)
    assert bringing(scope).count() == concentration(amounts).bringing
    [branch] = parts_by_branch(scope) or [None]
    assert (branch.bringing if branch else 0) == concentration(amounts).bringing
    mine = [amount for place, amount in enumerate(amounts) if place % 2]
    assert concentration_of(scope, teller) == concentration(mine)
    assert sum(each.bringing for each in parts_by_owner(scope)) == concentration(mine).bringing


@pytest.fixture
def bank(settings):
    settings.BUSINESS_DATE = TODAY
    return make_bank(nights=1)


def test_page_list_sheet_and_interface_say_the_same_in_everybodys_scope(bank):
    client = sign_in(bank.staff["manager"])
    body = client.get(URL).json()
    assert (body["branch"], body["branches"]) == ("001", [])
    page = client.get(PAGE).content.decode()
    assert f"{body['bringing']} 户" in page or f"{body['bringing']} customers" in page
    assert 'class="lorenz__curve"' in page
    listing = client.get(f"{PAGE}customers/").content.decode()
    assert listing.count('<th scope="row" class="nowrap">') == body["bringing"]
    assert "欧阳娜娜" not in listing
    sheet = client.post(f"{PAGE}export/")
    assert sheet.status_code == 200
    b"".join(sheet.streaming_content)
    whole = sign_in(bank.staff["headoffice"]).get(URL).json()
    assert whole["customers"] > body["customers"]
    assert {each["code"] for each in whole["branches"]} == {"001", "002", "011"}
    own = sign_in(bank.staff["teller"]).get(URL).json()
    assert (own["customers"], own["owners"]) == (3, [])


def test_who_asks_beyond_the_own_scope_finds_nothing(bank):
    for who, query in (
        ("manager2", "branch=001"), ("manager2", "owner=teller"), ("teller", "owner=lobby"), ("manager", "owner=%00"),
        ("manager", "owner=nobody"), ("manager", "branch=%F0%9F%98%80"),
    ):  # fmt: skip
        client = sign_in(bank.staff[who])
        for address in (URL, PAGE, f"{PAGE}customers/"):
            assert client.get(f"{address}?{query}").status_code in (400, 404), (who, query, address)
        assert client.post(f"{PAGE}export/?{query}").status_code == 404
    for after in ("x", "9" * 40, "-1", "%00"):
        assert sign_in(bank.staff["manager"]).get(f"{PAGE}customers/?after={after}").status_code == 200
