"""The policy read by page and by interface: the version in force first, limits with their ends."""

import re
from datetime import date

import pytest

from tests.factories import make_branch, make_entity, make_staff, sign_in
from tests.tiering.test_evaluate_api import make_policy
from tiering.enums import PolicyStatus

pytestmark = pytest.mark.django_db
URL = "/api/v1/tiering/policies/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def reader(client):
    return sign_in(make_staff(), client)


def test_the_standard_policy(reader):
    body = reader.get(URL).json()
    assert (body["next"], len(body["results"])) == (None, 1)
    policy = body["results"][0]
    assert policy == reader.get(f"{URL}1/").json()
    assert {name: policy[name] for name in ("version", "status", "in_force", "effective_from", "note")} == {
        "version": 1,
        "status": "approved",
        "in_force": True,
        "effective_from": "2020-01-01",
        "note": "标准政策",
    }
    assert policy["bands"][0] == {
        "tier": "private_wealth",
        "floor": "2000000.00",
        "floor_inclusive": False,
        "ceiling": None,
        "ceiling_inclusive": False,
        "max_age": None,
        "max_age_inclusive": True,
        "positions": ["wealth_manager", "deputy_president", "branch_president"],
        "positions_needed": 3,
    }
    assert [band["tier"] for band in policy["bands"]] == [
        "private_wealth",
        "wealth_management",
        "branch_lead",
        "branch_staff",
    ]
    assert (policy["bands"][3]["floor"], policy["bands"][3]["ceiling"], policy["bands"][3]["max_age"]) == (
        "50000.00",
        "100000.00",
        60,
    )
    assert policy["scope"] == {
        "card_spend_year": "50000.00",
        "personal_loan_balance": "300000.00",
        "custody_margin": "10000.00",
        "card_level": "gold",
    }
    assert policy["downgrade_grace_days"] == 0
    assert policy["product_categories"][0] == {"code": "deposit", "name": "存款"}
    assert len(policy["product_categories"]) == 8


def test_the_one_in_force_comes_first_then_the_newest(reader):
    make_policy(make_entity(), 2, floor=1, effective_from=date(2026, 11, 24))
    make_policy(make_entity(), 3, floor=1, effective_from=date(2026, 11, 25), status=PolicyStatus.DRAFT)
    found = reader.get(URL).json()["results"]
    assert [(each["version"], each["in_force"]) for each in found] == [(2, True), (3, False), (1, False)]


def test_other_versions_are_not_found(reader):
    make_policy(make_entity("LX", "临溪联社"), 2, floor=1)
    addresses = (f"{URL}2/", f"{URL}99999999999999999999/", "/tiering/policy/2/")
    assert [reader.get(each).status_code for each in addresses] == [404, 404, 404]


def test_the_page_draws_each_end_as_it_is(reader):
    page = reader.get("/tiering/policy/").content.decode()
    dots = sorted((int(x), kind) for kind, x in re.findall(r'<circle class="(in|out)" cx="(\d+)" cy="38"', page))
    assert [kind for _x, kind in dots] == ["out", "in", "out", "in", "out", "in", "in", "out"]  # 5, 10, 20, 200
    for words in ("5万 – 不满10万，≤ 60岁", "20万 – 200万", "&gt; 200万或达准入", "财富经理、主管行长、网点行长"):
        assert words in page


def test_a_later_version_is_drawn_beside_the_one_in_force(reader):
    make_policy(make_entity(), 2, floor=30_000_000, effective_from=date(2027, 1, 1))
    page = reader.get("/tiering/policy/2/").content.decode()
    assert page.count('class="changed"') == 1  # where its one band begins
    assert "v1 现行" in page
    assert "30万（原 200万）" in page


def test_a_training_administrator_reads_no_policy(client):
    sign_in(make_staff(position="training_admin", branch=make_branch()), client)
    assert (client.get(URL).status_code, client.get("/tiering/policy/").status_code) == (403, 403)
