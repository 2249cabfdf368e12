"""2003 on its pages: drafted, revised, submitted, decided; and nothing that was typed is lost."""

import html
import re
from datetime import date

import pytest

from tests.factories import make_branch, make_entity, make_staff, sign_in
from tests.tiering.drafting import approved, deputy, draft_in_force, head_office, lead_up_to, submitted
from tiering.forms.policy import FORM
from tiering.models import PolicyStep, TierPolicy
from tiering.rules.policy_draft import OWNING_POSITIONS
from tiering.selectors.policies import draft_of
from tiering.services import draft_policy

pytestmark = pytest.mark.django_db
NEW, PAGE = "/tiering/policy/new/", "/tiering/policy/"
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = date(2026, 11, 24)


@pytest.fixture
def drafter():
    return head_office("drafter", name="周予安")


@pytest.fixture
def client(drafter):
    return sign_in(drafter)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def typed(client, address: str = NEW) -> dict:
    """What the page would send as it stands: boxes in the order of the page."""
    form = client.get(address).context["form"]
    found = {}
    for bound in form:
        value = bound.value()
        if bound.html_name.endswith("_positions"):
            value = [code for code in OWNING_POSITIONS if code in value]
        found[bound.html_name] = "" if value is None else str(value) if isinstance(value, date) else value
    return found


def test_a_new_draft_stands_on_the_policy_in_force(client):
    page = text(client.get(NEW))
    assert 'value="2027-01-01"' not in page
    assert 'value="2026-12-01"' in page
    assert "与现行 v1 相比改动 0 处" in page
    assert page.count(f'form="{FORM}"') > 40
    assert TierPolicy.objects.count() == 1


def test_a_draft_is_discarded_with_a_reason(client, drafter):
    draft_policy(given=draft_in_force(), by=drafter)
    page = f"{PAGE}2/"
    assert f'action="{page}discard/"' in text(client.get(page))
    refused = text(client.post(f"{page}discard/", {"revision": "1", "reason": ""}))
    assert 'id="id_reason_error"' in refused
    shown = text(client.post(f"{page}discard/", {"revision": "1", "reason": "方案撤回"}, follow=True))
    assert "作废：方案撤回" in shown
    assert f'action="{page}discard/"' not in shown
    assert "v2 已作废" not in text(client.get(PAGE))
    assert "v2 已作废" in text(client.get(f"{PAGE}?all=1"))


def test_kept_as_it_was_typed(client):
    sent = typed(client) | {"do": "save", "wealth_management_floor": "30.000001", "branch_lead_ceiling": "３０.000001"}
    sent |= {"branch_staff_max_age": "", "effective_from": "20270101", "note": "理财提高", "custody_margin": "1,234.5"}
    answer = client.post(NEW, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}2/edit/")
    kept = draft_of(TierPolicy.objects.get(version=2))
    assert (kept.effective_from, kept.note, kept.scope.custody_margin) == (NEXT_YEAR, "理财提高", 1_234_500_000)
    assert [(band.floor, band.ceiling, band.max_age) for band in kept.bands] == [
        (200_000_000, None, None),
        (30_000_001, 200_000_000, None),
        (10_000_000, 30_000_001, None),
        (5_000_000, 10_000_000, None),
    ]
    page = text(client.get(f"{PAGE}2/edit/"))
    assert "草案已保存。" in page
    assert "理财客户 · 下限 20万（含） → 30.000001万（含）" in page
    assert "最高年龄 ≤ 60 岁 → 无限制" in page
    assert page.count("limit--changed") == 4


def test_a_draft_as_it_stands_changes_nothing(client, drafter):
    draft_policy(given=lead_up_to(30, effective_from=NEXT_YEAR), by=drafter)
    before = draft_of(TierPolicy.objects.get(version=2))
    assert client.post(f"{PAGE}2/edit/", typed(client, f"{PAGE}2/edit/") | {"do": "save"}).status_code == 302
    row = TierPolicy.objects.get(version=2)
    assert (draft_of(row), row.revision) == (before, 1)
    assert PolicyStep.objects.count() == 1


def test_positions_stay_in_their_order_and_new_ones_come_last(client):
    sent = typed(client) | {"branch_lead_positions": ["teller", "lobby_manager", "branch_manager"], "do": "save"}
    client.post(
        NEW, sent | {"private_wealth_positions": ["teller", "branch_president"], "private_wealth_positions_needed": "2"}
    )
    private, wealth, lead, _staff = draft_of(TierPolicy.objects.get(version=2)).bands
    assert lead.positions == ("branch_manager", "lobby_manager", "teller")
    assert (private.positions, private.positions_needed) == (("branch_president", "teller"), 2)
    assert wealth.positions == ("financial_advisor",)


def test_what_changes_nothing_is_not_submitted(client):
    answer = client.post(NEW, typed(client) | {"note": "重申", "do": "submit"})
    assert answer.status_code == 200
    assert "没有任何改动" in text(answer)
    assert TierPolicy.objects.count() == 1


def test_submitted_at_once(client):
    answer = client.post(NEW, typed(client) | {"wealth_management_max_age": "90", "do": "submit"})
    assert answer["Location"] == f"{PAGE}2/"
    assert TierPolicy.objects.get(version=2).status == "submitted"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"wealth_management_floor": "30"},
            "branch_lead_ceiling",
            "区间断档：本层上限 20万 与理财客户下限 30万 之间无归属。",
        ),
        ({"branch_lead_ceiling": "30"}, "branch_lead_ceiling", "区间重叠：本层上限 30万 高于理财客户下限 20万。"),
        (
            {"branch_lead_ceiling_inclusive": "true"},
            "branch_lead_ceiling",
            "20万 本数重叠：本层与理财客户只能有一层含此数。",
        ),
        (
            {"wealth_management_floor_inclusive": "false"},
            "branch_lead_ceiling",
            "20万 本数断档：本层与理财客户须有一层含此数。",
        ),
        ({"branch_staff_floor": "10"}, "branch_staff_ceiling", "上限 10万 须高于本层下限 10万。"),
        ({"wealth_management_floor": "viel"}, "wealth_management_floor", "不是金额"),
        ({"wealth_management_floor": ""}, "wealth_management_floor", "请填写"),
        ({"wealth_management_floor": "0.0000001"}, "wealth_management_floor", "不足一分"),
        ({"wealth_management_floor": "-1"}, "wealth_management_floor", "负"),
        ({"wealth_management_floor": "9" * 5000}, "wealth_management_floor", "过大"),
        ({"wealth_management_floor": "1e999999999999"}, "wealth_management_floor", ""),
        ({"branch_staff_max_age": "151"}, "branch_staff_max_age", "1"),
        ({"branch_staff_max_age": "6x"}, "branch_staff_max_age", "请输入整数。"),
        ({"branch_staff_positions": []}, "branch_staff_positions", "请至少选择一个岗位。"),
        ({"branch_staff_positions": ["auditor\x00"]}, "branch_staff_positions", "不是可任维护责任人的岗位"),
        ({"branch_staff_positions_needed": "2"}, "branch_staff_positions_needed", "1"),
        ({"card_level": "9"}, "card_level", ""),
        ({"downgrade_grace_days": "367"}, "downgrade_grace_days", "0"),
        ({"custody_margin": "90000000"}, "custody_margin", ""),
        ({"effective_from": ""}, "effective_from", "请填写"),
        ({"effective_from": "2026-02-30"}, "effective_from", ""),
        ({"note": "a\x00b"}, "note", ""),
        ({"note": "x" * 201}, "note", ""),
        ({"category_code_8": "Trust", "category_name_8": "信托"}, "category_code_8", "代码为小写字母"),
        ({"category_code_8": "", "category_name_8": "信托"}, "category_code_8", "代码为小写字母"),
        ({"category_code_0": "", "category_name_0": "", "category_code_8": "fund"}, "category_code_8", "名称"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, changes, field, words):
    answer = client.post(NEW, typed(client) | {"do": "save", "note": "未丢失"} | changes)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert any(words in str(error) for error in form.errors[field]), form.errors
    page = text(answer)
    assert re.search(rf'<a href="#id_{field}(_0)?">', page)
    assert "错误：" in page
    assert changes.get("note") or 'value="未丢失"' in page
    for name, value in changes.items():
        assert form[name].value() == value
    assert TierPolicy.objects.count() == 1


def test_beside_an_error_the_page_still_compares_what_can_be_read(client):
    sent = typed(client) | {"do": "save", "wealth_management_floor": "30", "custody_margin": "x"}
    page = text(client.post(NEW, sent))
    assert "理财客户 · 下限 20万（含） → 30万（含）" in page
    assert "30万（原 20万）" in page
    assert "改动 1 处" in page
    page = text(client.post(NEW, sent | {"custody_margin": "2"}))  # a gap
    assert "三方存管保证金余额 1万 → 2万" in page
    assert "改动 2 处" in page


def test_nonsense_is_no_fault_of_ours(client):
    for sent in ({"do": "save"}, {"do": "save", "rows": "9" * 400}, {"rows": "-1"}, {"do": "x", "rows": "5"}):
        assert client.post(NEW, sent).status_code == 200
        assert client.post(f"{PAGE}line/", sent).status_code == 204


def test_a_day_that_is_over_is_refused_when_it_is_submitted(client):
    sent = typed(client) | {"effective_from": "2026-11-23"}
    answer = client.post(NEW, sent | {"do": "submit"})
    assert answer.context["form"].errors["effective_from"] == ["不得早于今日 2026-11-24。"]
    assert TierPolicy.objects.count() == 1  # neither kept nor submitted
    assert client.post(NEW, sent | {"do": "save"}).status_code == 302


def test_another_row_keeps_what_was_typed_and_complains_of_nothing(client):
    sent = typed(client) | {"do": "row", "category_code_8": "trust", "branch_lead_ceiling": "x", "effective_from": ""}
    answer = client.post(NEW, sent)
    page = text(answer)
    assert 'value="trust"' in page
    assert 'value="x"' in page
    assert 'name="category_code_9"' in page
    assert 'name="category_code_10"' not in page
    assert "data-errors" not in page
    assert TierPolicy.objects.count() == 1


def test_somebody_else_revised_it_meanwhile(client, drafter):
    draft_policy(given=lead_up_to(30, effective_from=NEXT_YEAR), by=drafter)
    stale = typed(client, f"{PAGE}2/edit/") | {"note": "后到"}
    client.post(f"{PAGE}2/edit/", stale | {"do": "save", "note": "先到"})
    answer = client.post(f"{PAGE}2/edit/", stale | {"do": "save"})
    assert answer.status_code == 200
    assert 'value="后到"' in text(answer)
    assert answer.context["form"].non_field_errors()
    assert TierPolicy.objects.get(version=2).note == "先到"


def test_only_a_draft_is_edited(client, drafter):
    submitted(lead_up_to(30, effective_from=NEXT_YEAR), by=drafter)
    for address in (f"{PAGE}2/edit/", f"{PAGE}1/edit/"):
        assert client.get(address).status_code == 302
        assert client.post(address, typed(client) | {"do": "save"}).status_code == 302
    assert draft_of(TierPolicy.objects.get(version=2)).bands[1].floor == 30_000_000


def test_the_line_follows_what_is_typed(client):
    sent = typed(client) | {"wealth_management_floor": "30", "branch_lead_ceiling": "30", "version": "2"}
    drawing = text(client.post(f"{PAGE}line/", sent))
    assert drawing.lstrip().startswith("<svg")
    assert "30万（原 20万）" in drawing
    assert "v2 草案" in drawing
    assert "潜力客户 10–30万" in drawing
    given = typed(client) | {"private_wealth_floor_inclusive": "true", "wealth_management_ceiling_inclusive": "false"}
    assert "200万（改归私行）" in text(client.post(f"{PAGE}line/", given))


class TestDeciding:
    @pytest.fixture
    def waiting(self, drafter):
        return submitted(lead_up_to(30, effective_from=date(2026, 12, 1)), by=drafter)

    @pytest.fixture
    def approver(self):
        return sign_in(deputy("deputy"))

    def send(self, client, do, reason="", revision="1"):
        return client.post(f"{PAGE}2/decide/", {"do": do, "reason": reason, "revision": revision})

    def test_approved(self, waiting, approver):
        page = text(approver.get(f"{PAGE}2/"))
        assert 'data-key="F9"' in page
        assert 'data-key="F8"' in page
        assert "理财客户 · 下限 20万（含） → 30万（含）" in page
        assert self.send(approver, "approve")["Location"] == f"{PAGE}2/"
        page = text(approver.get(f"{PAGE}2/"))
        assert "自 2026-12-01 起施行" in page
        assert "v2 待施行" in page
        assert 'data-key="F9"' not in page

    def test_returned_with_the_reason(self, waiting, approver, client):
        answer = self.send(approver, "return")
        assert answer.status_code == 200
        assert answer.context["form"].errors["reason"]
        assert self.send(approver, "return", "下限再议").status_code == 302
        for address in (f"{PAGE}2/", f"{PAGE}2/edit/"):
            assert "退回：下限再议" in text(client.get(address))

    def test_not_by_whoever_drafted_it(self, waiting, client):
        page = text(client.get(f"{PAGE}2/"))
        assert "由本人起草或提交，须由他人审批。" in page
        assert 'data-key="F9"' not in page
        answer = self.send(client, "approve")
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()
        assert self.send(client, "return", "自行撤回").status_code == 302
        assert TierPolicy.objects.get(version=2).status == "draft"

    def test_another_revision_than_the_one_on_the_page(self, waiting, approver):
        answer = self.send(approver, "approve", revision="2")
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors()
        for revision in ("", "x", "9" * 40):
            assert self.send(approver, "approve", revision=revision).status_code == 200
        assert TierPolicy.objects.get(version=2).status == "submitted"

    def test_it_is_counted_for_whoever_may_approve(self, waiting, approver, client):
        assert '<span class="nav__count">1' in text(approver.get(PAGE))
        assert "待审批的分层政策" in text(approver.get("/"))
        assert '<span class="nav__count">1' not in text(client.get(PAGE))
        self.send(approver, "approve")
        assert '<span class="nav__count">1' not in text(approver.get(PAGE))

    def test_a_manager_reads_and_decides_nothing(self, waiting):
        manager = sign_in(make_staff(position="branch_manager"))
        page = text(manager.get(f"{PAGE}2/"))
        assert 'data-key="F9"' not in page
        assert NEW not in page
        assert [manager.get(NEW).status_code, self.send(manager, "approve").status_code] == [403, 403]

    def test_another_legal_entity_finds_nothing(self, waiting):
        other = make_entity("LX", "临溪联社")
        stranger = sign_in(make_staff(position="head_office", branch=make_branch("101", entity=other)))
        answers = [stranger.get(f"{PAGE}2/"), stranger.get(f"{PAGE}2/edit/"), self.send(stranger, "approve")]
        assert [each.status_code for each in answers] == [404] * 3


def test_of_two_that_begin_on_one_day_the_higher_counts(client, drafter, settings):
    approver = deputy()
    day = date(2026, 12, 1)
    for wan in (30, 40):
        approved(lead_up_to(wan, effective_from=day, base=draft_in_force()), by=drafter, approver=approver)
    page = text(client.get(f"{PAGE}2/"))
    assert "v2 未施行" in page
    assert "v3 待施行" in page
    assert "以其为准" in page
    settings.BUSINESS_DATE = day
    page = text(client.get(PAGE))
    assert "v3 现行" in page
    assert "v2 未施行" in page
    assert "v1 已停用" in page


def test_versions_of_long_ago_stand_behind_a_link(client, drafter):
    for _ in range(8):
        draft_policy(given=draft_in_force(), by=drafter)
    shown = {each.version for each in client.get(PAGE).context["versions"]}
    assert shown == {1, 4, 5, 6, 7, 8, 9}
    assert len(client.get(f"{PAGE}?all=1").context["versions"]) == 9
    assert client.get(f"{NEW}?from=5").context["form"]["wealth_management_floor"].value() == "20"
    assert client.get(f"{NEW}?from=99").status_code == 404


def test_the_page_costs_the_same_with_more_versions(client, drafter, django_assert_max_num_queries):
    draft_policy(given=draft_in_force(), by=drafter)
    with django_assert_max_num_queries(30) as few:
        client.get(f"{PAGE}2/edit/")
    draft_policy(given=draft_in_force(), by=drafter)
    draft_policy(given=draft_in_force(), by=drafter)
    with django_assert_max_num_queries(len(few)):
        client.get(f"{PAGE}2/edit/")
