"""From draft to approval over HTTP, and everything that may stand in the place of a value."""

import json
from datetime import date

import pytest

from tellerdesk.audit.models import AuditEvent
from tests.factories import make_branch, make_entity, make_staff, sign_in
from tests.tiering.drafting import body, deputy, head_office
from tests.tiering.test_evaluate_api import WRONG
from tiering.models import PolicyStep, ProductCategory, TierPolicy

pytestmark = pytest.mark.django_db
URL = "/api/v1/tiering/policies/"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


class Caller:
    def __init__(self, staff):
        self.client = sign_in(staff)
        self.client.raise_request_exception = False

    def send(self, path="", sent=None, method="post"):
        data = sent if isinstance(sent, bytes) else json.dumps({} if sent is None else sent).encode()
        answer = getattr(self.client, method)(f"{URL}{path}", data, content_type="application/json")
        return answer.status_code, answer.json()

    def get(self, path=""):
        return self.client.get(f"{URL}{path}").json()


@pytest.fixture
def drafter():
    return Caller(head_office("drafter"))


@pytest.fixture
def approver():
    return Caller(deputy("deputy"))


def codes(answer) -> set[tuple[str, str]]:
    status, said = answer
    assert status == 400, said
    assert all(each["message"] for found in said["errors"].values() for each in found)
    return {(field, each["code"]) for field, found in said["errors"].items() for each in found}


def test_from_draft_to_approval(drafter, approver):
    status, made = drafter.send(sent=body())
    assert status == 201
    assert {name: made[name] for name in ("version", "status", "in_force", "revision", "based_on", "drafted_by")} == {
        "version": 2,
        "status": "draft",
        "in_force": False,
        "revision": 1,
        "based_on": 1,
        "drafted_by": "drafter",
    }
    assert made["bands"] == body()["bands"]
    assert made["scope"] == body()["scope"]
    assert (made["note"], made["downgrade_grace_days"]) == ("理财下限提高", 30)
    assert made["product_categories"] == [
        {"code": "deposit", "name": "存款"},
        {"code": "fund", "name": "基金"},
        {"code": "trust", "name": "信托"},
    ]
    assert drafter.get("2/") == made
    status, sent = drafter.send("2/submit/")
    assert (status, sent["status"], sent["submitted_by"]) == (200, "submitted", "drafter")
    status, done = approver.send("2/approve/", {"revision": 1})
    assert (status, done["status"], done["approved_by"], done["in_force"]) == (200, "approved", "deputy", False)
    assert [each["version"] for each in drafter.get()["results"]] == [1, 2]
    assert list(PolicyStep.objects.values_list("kind", "by__username")) == [
        ("drafted", "drafter"),
        ("submitted", "drafter"),
        ("approved", "deputy"),
    ]


def test_what_an_answer_shows_is_taken_as_it_is(drafter):
    shown = drafter.get()["results"][0]
    status, made = drafter.send(sent=shown)
    assert status == 201
    own = ("version", "status", "in_force", "based_on", "drafted_by", "approved_by")
    assert {name: value for name, value in made.items() if name not in own} == {
        name: value for name, value in shown.items() if name not in own
    }


def test_what_changes_nothing_is_not_submitted(drafter):
    drafter.send(sent={**drafter.get()["results"][0], "effective_from": "2026-12-01", "note": "重申"})
    status, said = drafter.send("2/submit/")
    assert (status, said["code"], said["context"]) == (409, "nothing_changed", {"day": "2026-12-01", "version": 1})
    assert drafter.get("2/")["status"] == "draft"


def test_a_draft_that_is_given_up_stays_on_record_and_bars_nobody(drafter, approver):
    drafter.send(sent=body(product_categories=["fund", {"code": "trust", "name": "信托"}]))
    other = Caller(head_office("other"))
    assert codes(other.send("2/discard/", {"reason": " ", "revision": 1})) == {("reason", "blank")}
    assert other.send("2/discard/", {"reason": "改走新方案", "revision": 2})[1]["code"] == "stale"
    status, done = other.send("2/discard/", {"reason": "改走新方案", "revision": 1})
    assert (status, done["status"], done["discarded_by"], done["discarded_for"]) == (
        200,
        "discarded",
        "other",
        "改走新方案",
    )
    acts = [drafter.send("2/", body(revision=1), "put"), drafter.send("2/submit/"), approver.send("2/approve/")]
    acts += [drafter.send("2/discard/", {"reason": "x"}), approver.send("2/return/", {"reason": "x"})]
    assert [(status, said["code"]) for status, said in acts] == [(409, "already_decided")] * 5
    event = AuditEvent.objects.get(action="tiering.policy_discarded")
    assert (event.actor, event.detail["reason"], event.detail["revision"]) == ("other", "改走新方案", 1)
    status, made = drafter.send(sent=body())
    assert (status, made["version"], made["based_on"]) == (201, 3, 1)
    assert len(set(ProductCategory.objects.filter(code="trust").values_list("bit", flat=True))) == 1


def test_what_waits_is_returned_before_it_is_discarded(drafter):
    drafter.send(sent=body())
    drafter.send("2/submit/")
    status, said = drafter.send("2/discard/", {"reason": "x"})
    assert (status, said["code"]) == (409, "not_a_draft")


def test_what_is_left_out_is_that_of_the_one_in_force(drafter):
    bands = [{"tier": band["tier"], "floor": band["floor"], "ceiling": band["ceiling"]} for band in body()["bands"]]
    status, made = drafter.send(sent={"effective_from": "2026-12-01", "bands": bands})
    assert status == 201
    former = drafter.get("1/")
    kept = ("floor_inclusive", "ceiling_inclusive", "max_age", "max_age_inclusive", "positions", "positions_needed")
    for before, after in zip(former["bands"], made["bands"], strict=True):
        assert [after[name] for name in kept] == [before[name] for name in kept]
    for name in ("scope", "downgrade_grace_days", "product_categories"):
        assert made[name] == former[name]
    assert made["note"] == ""
    status, made = drafter.send(sent=body(scope={"custody_margin": "20000.00"}))
    assert made["scope"] == former["scope"] | {"custody_margin": "20000.00"}


@pytest.mark.parametrize(
    ("bands_at", "due"),
    [
        ({1: {"floor": "310000.00"}}, ("bands.2.ceiling", "gap")),
        ({1: {"floor": "300000.01"}}, ("bands.2.ceiling", "gap")),
        ({1: {"floor_inclusive": False}}, ("bands.2.ceiling", "gap")),
        ({1: {"floor": "290000.00"}}, ("bands.2.ceiling", "overlap")),
        ({2: {"ceiling_inclusive": True}}, ("bands.2.ceiling", "overlap")),
        ({3: {"ceiling": "100000.01"}}, ("bands.3.ceiling", "overlap")),
        ({1: {"floor": "90000.00"}}, ("bands.1.floor", "wrong_order")),
        ({1: {"floor": "100000.00"}}, ("bands.1.floor", "wrong_order")),
        ({3: {"floor": "100000.00"}}, ("bands.3.ceiling", "wrong_order")),
        ({0: {"ceiling": "3000000.00"}}, ("bands.0.ceiling", "no_ceiling")),
        ({2: {"ceiling": None}}, ("bands.2.ceiling", "required")),
        ({0: {"tier": "branch_lead"}}, ("bands", "tiers")),
        ({0: {"tier": "unbanded"}}, ("bands", "tiers")),
        ({3: {"positions": []}}, ("bands.3.positions", "required")),
        ({3: {"positions": ["auditor"]}}, ("bands.3.positions", "unknown_position")),
        ({3: {"positions": ["relationship_manager"]}}, ("bands.3.positions", "unknown_position")),
        ({3: {"positions": ["teller", "teller"]}}, ("bands.3.positions", "twice")),
        ({3: {"positions_needed": 2}}, ("bands.3.positions_needed", "out_of_range")),
    ],
)
def test_bands_that_do_not_follow_each_other(drafter, bands_at, due):
    assert due in codes(drafter.send(sent=body(bands_at=bands_at)))
    assert TierPolicy.objects.count() == 1


def test_bands_stand_from_the_highest_tier_down(drafter):
    bands = body()["bands"]
    for listed in (bands[::-1], [bands[1], bands[0], *bands[2:]]):
        assert codes(drafter.send(sent=body(bands=listed))) == {("bands", "wrong_order")}
    for listed in ([], bands[:3], [*bands, bands[0]]):
        assert codes(drafter.send(sent=body(bands=listed))) == {("bands", "tiers")}


@pytest.mark.parametrize("bands", [None, {}, {"0": {}}, "x", 5, [None], [[]], ["x"], [{}], [5], True])
def test_bands_of_another_kind(drafter, bands):
    assert codes(drafter.send(sent=body(bands=bands)))


def test_a_thousand_bands(drafter):
    assert codes(drafter.send(sent=body(bands=body()["bands"] * 250)))


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("field", ["floor", "ceiling"])
def test_no_money_in_a_band(drafter, field, value):
    assert any(path == f"bands.1.{field}" for path, _ in codes(drafter.send(sent=body(bands_at={1: {field: value}}))))


@pytest.mark.parametrize("value", [*WRONG.values(), "-1.00", "99999999999999999999", "9000000000.01"])
def test_no_money_in_the_scope(drafter, value):
    sent = body(scope=body()["scope"] | {"custody_margin": value})
    assert {path for path, _ in codes(drafter.send(sent=sent))} == {"scope.custody_margin"}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("tier", (None, 5, [], "PRIVATE_WEALTH", "x\x00", True)),
        ("floor_inclusive", ("true", 1, 0, None, [], {})),
        ("ceiling_inclusive", ("false", 1, None, [])),
        ("max_age", (0, 151, -1, "60", 60.5, True, [], 10**400)),
        ("max_age_inclusive", ("x", None, 1)),
        ("positions", (None, "teller", {}, [None], [5], [["teller"]], ["x" * 31], ["teller"] * 21)),
        ("positions_needed", (0, -1, None, "1", 1.5, True, 10**20)),
    ],
)
def test_no_value_of_a_band(drafter, field, values):
    for value in values:
        found = codes(drafter.send(sent=body(bands_at={1: {field: value}})))
        assert {path.split(".")[2] for path, _ in found if path.startswith("bands.1")} == {field}, value


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("effective_from", (None, "", "x", "2026-02-30", "2026-12-01T00:00", 20261201, [], {}, True, "\x00")),
        ("note", (None, 5, [], "a\x00b", "a\nb", "\ud800", "x" * 201, "🎉")),
        ("scope", (None, [], "x", 5, {"card_level": "bronze"}, {"card_level": 2}, {"card_level": None})),
        ("downgrade_grace_days", (None, -1, 367, "1", 1.5, True, [], 10**400)),
        (
            "product_categories",
            (
                None,
                {},
                "fund",
                [],
                [None],
                [5],
                [[]],
                ["unknown"],
                ["fund", "fund"],
                [{"code": "fund"}],
                [{"code": "Fund", "name": "基"}],
                [{"code": "a b", "name": "基"}],
                [{"code": "x" * 31, "name": "基"}],
                [{"code": "x", "name": "基" * 31}],
                [{"code": "x", "name": "a;b"}],
                [{"code": "x", "name": "a\x00"}],
                [{"code": "x", "name": ""}],
                [{"code": "x", "name": 5}],
                ["fund", {"code": "other", "name": "基金"}],
                ["fund", {"code": "other", "name": "Fund"}],
                [{"code": f"c{n}", "name": f"n{n}"} for n in range(32)],
            ),
        ),
    ],
)
def test_no_value_of_a_policy(drafter, field, values):
    for value in values:
        found = codes(drafter.send(sent=body(**{field: value})))
        assert {path.split(".")[0] for path, _ in found} == {field}, value
    assert TierPolicy.objects.count() == 1


@pytest.mark.parametrize("sent", [b"", b"[]", b"5", b"null", b"{", b"\xff\xfe", b'"x"', b"NaN", b'{"bands": 1e999}'])
def test_no_body_at_all(drafter, sent):
    assert drafter.send(sent=sent)[0] == 400


def test_whoever_has_a_hand_in_it_never_approves(drafter, approver):
    """Not the first drafter, not whoever revised, not whoever submitted; a fourth person does."""
    second, third = Caller(head_office("second")), Caller(head_office("third"))
    drafter.send(sent=body())
    assert second.send("2/", body(note="x", revision=1), "put")[1]["revision"] == 2
    assert third.send("2/submit/")[0] == 200
    for each in (drafter, second, third):
        status, said = each.send("2/approve/")
        assert (status, said["code"], said["permission"], said["courses"]) == (403, "same_person", None, [])
    assert approver.send("2/approve/")[0] == 200


def test_who_submitted_before_a_return_still_does_not_approve(drafter, approver):
    second, third = Caller(head_office("second")), Caller(head_office("third"))
    drafter.send(sent=body())
    second.send("2/submit/")
    assert approver.send("2/return/", {"reason": "理财下限再议"})[1]["returned_for"] == "理财下限再议"
    assert third.send("2/", body(note="x", revision=1), "put")[0] == 200
    assert third.send("2/submit/")[0] == 200
    assert second.send("2/approve/")[1]["code"] == "same_person"
    assert approver.send("2/approve/")[0] == 200


def test_each_act_has_its_state(drafter, approver):
    drafter.send(sent=body())
    assert approver.send("2/approve/")[1]["code"] == "not_submitted"
    assert approver.send("2/return/", {"reason": "x"})[1]["code"] == "not_submitted"
    drafter.send("2/submit/")
    assert drafter.send("2/submit/")[1]["code"] == "not_a_draft"
    assert drafter.send("2/", body(revision=1), "put")[1]["code"] == "not_a_draft"
    approver.send("2/approve/")
    other = Caller(deputy())
    for answer in (
        drafter.send("2/submit/"),
        drafter.send("2/", body(revision=1), "put"),
        approver.send("2/approve/"),
        other.send("2/return/", {"reason": "x"}),
        other.send("1/approve/"),
        drafter.send("1/submit/"),
        drafter.send("1/", body(revision=1), "put"),
    ):
        assert (answer[0], answer[1]["code"]) == (409, "already_decided")


def test_a_revision_that_is_not_the_one_read(drafter, approver):
    drafter.send(sent=body())
    assert drafter.send("2/", body(note="x", revision=1), "put")[1]["revision"] == 2
    for answer in (
        drafter.send("2/", body(note="y", revision=1), "put"),
        drafter.send("2/submit/", {"revision": 1}),
    ):
        assert (answer[0], answer[1]["code"], answer[1]["context"]) == (409, "stale", {"revision": 2})
    drafter.send("2/submit/", {"revision": 2})
    assert approver.send("2/approve/", {"revision": 1})[1]["code"] == "stale"
    assert approver.send("2/return/", {"revision": 1, "reason": "x"})[1]["code"] == "stale"
    assert codes(drafter.send("2/", body(), "put")) == {("revision", "required")}


@pytest.mark.parametrize("revision", ["1", True, 0, -1, 1.5, [], {}, 10**400])
def test_no_revision(approver, drafter, revision):
    drafter.send(sent=body())
    drafter.send("2/submit/")
    assert {path for path, _ in codes(approver.send("2/approve/", {"revision": revision}))} == {"revision"}


@pytest.mark.parametrize("reason", [None, "", "  ", 5, [], "a\x00", "a\nb", "x" * 201, "\ud800"])
def test_a_return_says_why(approver, drafter, reason):
    drafter.send(sent=body())
    drafter.send("2/submit/")
    assert {path for path, _ in codes(approver.send("2/return/", {"reason": reason}))} == {"reason"}
    assert {path for path, _ in codes(approver.send("2/return/"))} == {"reason"}


def test_another_legal_entity_finds_nothing(drafter):
    other = make_entity("LX", "临溪联社")
    stranger = Caller(make_staff(position="head_office", branch=make_branch("101", entity=other)))
    assert drafter.send(sent=body())[1]["version"] == 2
    drafter.send("2/submit/")
    assert [stranger.send(f"2/{act}/", {"reason": "x"})[0] for act in ("submit", "approve", "return")] == [404] * 3
    assert stranger.send("2/", body(revision=1), "put")[0] == 404
    assert stranger.send(sent=body())[1]["version"] == 2  # its own second
    assert TierPolicy.objects.filter(version=2).count() == 2


def test_no_such_version(drafter):
    for version in (99, 0, 10**30):
        assert [drafter.send(f"{version}/{act}/", {"reason": "x"})[0] for act in ("submit", "approve", "return")] == [
            404
        ] * 3


def test_nothing_is_deleted(drafter):
    drafter.send(sent=body())
    assert [drafter.client.delete(f"{URL}{path}").status_code for path in ("", "2/", "2/submit/")] == [405] * 3


def test_a_manager_neither_drafts_nor_approves():
    manager = Caller(make_staff(position="branch_manager"))
    for path, permission in (
        ("", "draft"),
        ("2/submit/", "draft"),
        ("2/approve/", "approve"),
        ("2/return/", "approve"),
    ):
        status, said = manager.send(path, body())
        assert (status, said["permission"]) == (403, f"tiering.{permission}_policy")


def test_every_act_is_an_event_with_what_changed(drafter, approver):
    drafter.send(sent=body())
    drafter.send("2/", body(bands_at={3: {"max_age": 70}}, revision=1), "put")
    drafter.send("2/submit/")
    approver.send("2/return/", {"reason": "年龄再议"})
    drafter.send("2/submit/")
    approver.send("2/approve/")
    events = list(
        AuditEvent.objects.filter(subject_type="tiering.tierpolicy", branch="000", entity="HZ").order_by("pk")
    )
    assert [event.action.removeprefix("tiering.policy_") for event in events] == [
        "drafted",
        "revised",
        "submitted",
        "returned",
        "submitted",
        "approved",
    ]
    assert events[0].changes["wealth_management.floor"] == ["≥ 200000.00", "≥ 300000.00"]
    assert events[0].changes["branch_staff.max_age"] == ["≤ 60", "≤ 65"]
    assert events[1].changes == {"branch_staff.max_age": ["≤ 65", "≤ 70"]}
    assert events[3].detail["reason"] == "年龄再议"
    assert events[5].changes["branch_staff.max_age"] == ["≤ 60", "≤ 70"]


def test_a_bit_keeps_its_meaning(drafter):
    drafter.send(sent=body())
    drafter.send(sent=body(product_categories=[{"code": "gold", "name": "黄金"}, "fund"]))
    third = drafter.send(sent=body(product_categories=[{"code": "trust", "name": "家族信托"}]))
    assert third[1]["product_categories"] == [{"code": "trust", "name": "家族信托"}]
    bits = set(ProductCategory.objects.values_list("code", "bit"))
    assert {(code, bit) for code, bit in bits if code in ("trust", "gold", "fund")} == {
        ("trust", 8),
        ("gold", 9),
        ("fund", 2),
    }


def test_a_draft_changes_its_categories(drafter):
    drafter.send(sent=body())
    drafter.send(sent=body())
    swapped = [{"code": "fund", "name": "存款"}, {"code": "deposit", "name": "基金"}]
    status, said = drafter.send("2/", body(product_categories=swapped, revision=1), "put")
    assert (status, said["product_categories"]) == (200, [swapped[1], swapped[0]])  # by their bits
    status, said = drafter.send("2/", body(product_categories=["loan", "trust"], revision=2), "put")
    assert said["product_categories"] == [{"code": "loan", "name": "贷款"}, {"code": "trust", "name": "信托"}]


def test_over_all_versions_there_is_room_for_so_many(drafter):
    many = [{"code": f"c{n}", "name": f"n{n}"} for n in range(24)]
    assert codes(drafter.send(sent=body(product_categories=many))) == {("product_categories", "no_bit_left")}
    assert drafter.send(sent=body(product_categories=many[:23]))[0] == 201
    assert codes(drafter.send(sent=body(product_categories=many[23:]))) == {("product_categories", "no_bit_left")}


def test_a_program_is_answered_by_a_few_queries(drafter, django_assert_num_queries):
    """Three versions cost what one does."""
    drafter.get()
    with django_assert_num_queries(8):
        drafter.get()
    drafter.send(sent=body())
    drafter.send(sent=body())
    with django_assert_num_queries(8):
        drafter.get()
