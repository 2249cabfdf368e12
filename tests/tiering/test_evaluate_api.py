"""POST tiering/evaluate/: the vectors over HTTP, and everything that may stand in the place of a value."""

import json
from datetime import date

import pytest

from tests.factories import make_entity, make_staff, sign_in
from tests.tiering.rules.vectors import VECTORS
from tiering.enums import CardLevel, PolicyStatus, Tier
from tiering.models import TierBand, TierPolicy

pytestmark = pytest.mark.django_db
URL = "/api/v1/tiering/evaluate/"
WRONG = {
    "list": [],
    "object": {"a": 1},
    "true": True,
    "text": "viel",
    "blank": "",
    "nul": "1\x00",
    "surrogate": "\ud800",
    "comma": "1,234.56",
    "NaN": "NaN",
    "infinity": "-Infinity",
    "1e999": "1e999",
    "thousand digits": "9" * 1000,
    "huge number": 10**400,
    "half a fen": "0.001",
}
FIGURES = ("aum", "card_spend_year", "personal_loan_balance", "custody_margin")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def call(client):
    sign_in(make_staff(), client)
    client.raise_request_exception = False

    def post(body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = client.post(URL, data, content_type="application/json")
        return answer.status_code, answer.json()

    return post


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(call, vector):
    given = {name: value for name, value in vector.items() if not name.startswith(("expected", "required"))}
    status, body = call(given)
    assert (status, body) == (
        200,
        {
            "tier": vector["expected_tier"],
            "in_scope": vector["expected_in_scope"],
            "reasons": vector["expected_reasons"],
            "required_owner_positions": vector["required_owner_positions"],
            "policy_version": 1,
        },
    )


def test_only_the_amount_is_obligatory(call):
    assert call({"aum": "75000.00"})[1]["tier"] == "unbanded"  # the age is not known
    status, body = call({})
    assert (status, body["code"], set(body["errors"])) == (400, "invalid", {"aum"})


@pytest.mark.parametrize(("born", "as_of", "tier"), [
    ("1966-11-24", "2026-11-24", "branch_staff"),
    ("1965-11-25", "2026-11-24", "branch_staff"),
    ("1965-11-24", "2026-11-24", "unbanded"),
    ("1965-11-24", None, "unbanded"),
    ("1964-02-29", "2025-02-28", "branch_staff"),
    ("1964-02-29", "2025-03-01", "unbanded"),
])  # fmt: skip
def test_age_by_birth_date(call, born, as_of, tier):
    assert call({"aum": "75000.00", "birth_date": born, "as_of": as_of})[1]["tier"] == tier


@pytest.mark.parametrize("field", FIGURES)
@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_what_is_no_amount(call, field, value):
    status, body = call({"aum": "0.00"} | {field: value})
    assert (status, set(body["errors"])) == (400, {field})


@pytest.mark.parametrize("number", [75000, 75000.5, "7.5e4"])
def test_amounts_as_numbers(call, number):
    assert call({"aum": number, "age": 40})[1]["tier"] == "branch_staff"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999", b"-1e999"])
def test_numbers_that_json_does_not_know(call, number):
    status, body = call(b'{"aum": ' + number + b"}")
    assert (status, body["code"]) in ((400, "not_json"), (400, "invalid"))


@pytest.mark.parametrize(("field", "values"), [
    ("age", (-1, 151, 40.5, "40", True, [], {}, "x", 10**30)),
    ("birth_date", (19850312, True, [], {}, "1985-02-30", "", "gestern", "2026-11-25")),
    ("as_of", (20261124, False, ["2026-11-24"], {}, "2026-13-01", "heute")),
    ("card_level", ("unobtainium", "GOLD", "金", "", 2, True, None, [], {}, "gold\x00")),
    ("admission_private_wealth", ("true", "yes", 1, 0, None, [], {})),
    ("admission_wealth_management", ("false", 1, None, [])),
    ("policy", (0, -1, 99, "1", 1.5, True, [], 2**40)),
])  # fmt: skip
def test_wrong_types_and_values(call, field, values):
    for value in values:
        status, body = call({"aum": "75000.00", field: value})
        assert (status, list(body["errors"])) == (400, [field]), value


@pytest.mark.parametrize("body", [b"[]", b"7", b'"aum"', b"null", b"{", b"", b"\xff"])
def test_bodies_that_are_no_object(call, body):
    assert call(body)[0] == 400


def test_age_and_birth_date_must_agree(call):
    both = {"aum": "75000.00", "birth_date": "1985-03-12", "age": 41}
    assert call(both)[1]["tier"] == "branch_staff"
    status, body = call(both | {"age": 40})
    assert (status, body["errors"]["age"][0]["code"]) == (400, "age_mismatch")


def make_policy(
    entity, version: int, *, floor: int, effective_from=date(2026, 12, 1), status=PolicyStatus.APPROVED
) -> TierPolicy:
    row = TierPolicy.objects.create(
        legal_entity=entity,
        version=version,
        effective_from=effective_from,
        card_spend_year=1,
        personal_loan_balance=1,
        custody_margin=1,
        card_level=CardLevel.DIAMOND,
    )
    TierBand.objects.create(policy=row, tier=Tier.PRIVATE_WEALTH, floor=floor, positions=["wealth_manager"])
    row.status = status
    row.save()
    return row


def test_the_version_of_the_day_or_the_one_asked_for(call):
    make_policy(make_entity(), 2, floor=5_000_000)
    aum = {"aum": "60000.00", "age": 40}
    assert call(aum)[1]["policy_version"] == 1
    later = call(aum | {"as_of": "2026-12-01"})[1]
    assert (later["policy_version"], later["tier"]) == (2, "private_wealth")
    assert call(aum | {"policy": 2})[1]["tier"] == "private_wealth"
    assert call(aum | {"policy": 1, "as_of": "2026-12-01"})[1]["tier"] == "branch_staff"


def test_a_version_of_another_legal_entity_is_unknown(call):
    make_policy(make_entity("LX", "临溪联社"), 2, floor=1)
    status, body = call({"aum": "1.00", "policy": 2})
    assert (status, body["errors"]["policy"][0]["code"]) == (400, "unknown_policy")
