"""From which day an approved policy counts: never for a day that is over, never for one that has been loaded."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.turns import alone
from tests.factories import make_entity
from tests.tiering.drafting import approved, deputy, draft_in_force, head_office, lead_up_to, submitted
from tests.tiering.nights import make_customers, run_lines
from tiering.errors import NightRunning, PolicyUnchanged
from tiering.jobs.night import LOCK_SPACE
from tiering.models import ProductCategory, SnapshotDay, TierAssignment, TierBand, TierPolicy
from tiering.rules.policy_draft import Draft
from tiering.selectors.days import policy_rules
from tiering.selectors.policies import as_rules, policy_in_force, policy_row
from tiering.services import approve_policy, discard_draft, draft_policy, return_policy, revise_draft, submit_policy

TODAY = date(2026, 11, 24)
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)
NUMBER, OTHER = "62031774092600", "62031774092618"


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def drafter(db):
    return head_office("drafter")


@pytest.fixture
def approver(db):
    return deputy("deputy")


def refusal(act) -> list[str]:
    with pytest.raises(FieldErrors) as refused:
        act()
    return [code for code, _text in refused.value.errors["effective_from"]]


class TestNights:
    pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

    def test_each_day_has_the_policy_of_its_day(self, drafter, approver, settings):
        """20 to 30万 are wealth management until today, and potential customers from tomorrow on."""
        entity = make_entity()
        make_customers(NUMBER, OTHER, entity=entity)
        run_lines(entity, YESTERDAY, [f"{NUMBER},250000"])
        approved(lead_up_to(30, effective_from=TOMORROW), by=drafter, approver=approver)
        before = run_lines(entity, TODAY, [f"{NUMBER},250000"])
        settings.BUSINESS_DATE = TOMORROW
        after = run_lines(entity, TOMORROW, [f"{NUMBER},250000"])
        assert (before.policy_version, before.tiers["wealth_management"]) == (1, 1)
        assert (after.policy_version, after.tiers["branch_lead"]) == (2, 1)
        standing = TierAssignment.objects.get(customer__customer_number=NUMBER)
        assert (standing.tier, standing.policy_version, standing.since) == (3, 2, TOMORROW)
        # A day that is loaded late gets what was in force on it; one that is corrected keeps what it had.
        settings.BUSINESS_DATE = TOMORROW + timedelta(days=1)
        late = run_lines(entity, TODAY - timedelta(days=2), [f"{NUMBER},250000"])
        corrected = run_lines(entity, TODAY, [f"{OTHER},250000"])
        assert (late.policy_version, corrected.policy_version) == (1, 1)
        assert dict(SnapshotDay.objects.values_list("as_of", "policy__version")) == {
            TODAY - timedelta(days=2): 1,
            YESTERDAY: 1,
            TODAY: 1,
            TOMORROW: 2,
        }

    def test_not_on_a_day_that_has_been_loaded(self, drafter, approver):
        entity = make_entity()
        make_customers(NUMBER, entity=entity)
        run_lines(entity, TODAY, [f"{NUMBER},250000"])
        policy = draft_policy(given=lead_up_to(30, effective_from=TODAY), by=drafter)
        assert refusal(lambda: submit_policy(policy=policy, by=drafter)) == ["in_the_past"]
        later = submitted(lead_up_to(30, effective_from=TOMORROW), by=drafter)
        assert approve_policy(policy=later, by=approver).status == "approved"

    def test_not_once_its_day_was_loaded_while_it_waited(self, drafter, approver):
        entity = make_entity()
        make_customers(NUMBER, entity=entity)
        policy = submitted(lead_up_to(30, effective_from=TODAY), by=drafter)
        run_lines(entity, TODAY, [f"{NUMBER},250000"])
        assert refusal(lambda: approve_policy(policy=policy, by=approver)) == ["in_the_past"]
        assert TierPolicy.objects.get(pk=policy.pk).status == "submitted"

    @pytest.mark.parametrize("begins", [TODAY, TOMORROW])
    def test_none_is_put_in_force_for_today_while_a_file_is_loaded(self, drafter, approver, begins):
        entity = make_entity()
        make_customers(NUMBER, entity=entity)
        policy = submitted(lead_up_to(30, effective_from=begins), by=drafter)
        heard = []

        def approve_meanwhile(step, percent):
            if (step, percent) == ("tiers", 0):
                with pytest.raises(NightRunning) if begins == TODAY else nullcontext():
                    heard.append(approve_policy(policy=policy, by=approver).status)

        run = run_lines(entity, TODAY, [f"{NUMBER},250000"], look_on=approve_meanwhile)
        assert (run.policy_version, heard) == (1, [] if begins == TODAY else ["approved"])
        day = SnapshotDay.objects.get(as_of=TODAY)
        assert day.policy == policy_row(entity.pk, TODAY)

    def test_a_night_waits_for_an_approval_that_has_begun(self, drafter, approver):
        entity = make_entity()
        policy = submitted(lead_up_to(30, effective_from=TODAY), by=drafter)
        with transaction.atomic():
            approve_policy(policy=policy, by=approver)
            with alone(LOCK_SPACE, entity.pk) as ours:
                assert not ours
        with alone(LOCK_SPACE, entity.pk) as ours:
            assert ours


@pytest.mark.django_db
def test_from_today_on_where_today_is_not_loaded(drafter, approver):
    entity = make_entity()
    approved(lead_up_to(30, effective_from=TODAY), by=drafter, approver=approver)
    assert [policy_in_force(entity.pk, day).version for day in (YESTERDAY, TODAY)] == [1, 2]


@pytest.mark.django_db
def test_a_day_that_came_and_went_while_it_waited(drafter, approver, settings):
    policy = submitted(lead_up_to(30, effective_from=TODAY), by=drafter)
    settings.BUSINESS_DATE = TOMORROW
    assert refusal(lambda: approve_policy(policy=policy, by=approver)) == ["in_the_past"]
    policy = return_policy(policy=policy, reason="日期已过", by=approver)
    given = replace(lead_up_to(30, effective_from=TOMORROW))
    policy = revise_draft(policy=policy, given=given, revision=1, by=drafter)
    assert approve_policy(policy=submit_policy(policy=policy, by=drafter), by=approver).status == "approved"


@pytest.mark.django_db
def test_of_two_on_one_day_the_higher_counts_whichever_was_approved_first(drafter, approver):
    low = submitted(lead_up_to(30, effective_from=TOMORROW), by=drafter)
    high = submitted(lead_up_to(40, effective_from=TOMORROW), by=drafter)
    for policy in (high, low):
        approve_policy(policy=policy, by=approver)
    assert policy_row(make_entity().pk, TOMORROW).version == high.version == 3


@pytest.mark.django_db
def test_what_says_the_same_as_what_counts_on_its_day_is_refused(drafter, approver):
    """Another day or note alone is no other policy, but what ends one that is yet to begin is."""
    same = replace(draft_in_force(), effective_from=date(2027, 3, 1), note="年度重申")
    with pytest.raises(PolicyUnchanged) as refused:
        submitted(same, by=drafter)
    assert refused.value.context == {"day": date(2027, 3, 1), "version": 1}
    first, second = (submitted(lead_up_to(30, effective_from=day), by=drafter) for day in (TOMORROW, date(2027, 1, 1)))
    approve_policy(policy=first, by=approver)
    with pytest.raises(PolicyUnchanged):
        approve_policy(policy=second, by=approver)
    assert TierPolicy.objects.get(pk=second.pk).status == "submitted"
    assert approved(same, by=drafter, approver=approver).status == "approved"


@pytest.mark.django_db
def test_one_that_has_not_begun_is_overtaken_by_an_earlier_one_until_its_own_day(drafter, approver):
    entity = make_entity()
    approved(lead_up_to(30, effective_from=date(2027, 1, 1)), by=drafter, approver=approver)
    approved(lead_up_to(40, effective_from=TOMORROW), by=drafter, approver=approver)
    days = (TODAY, TOMORROW, date(2026, 12, 31), date(2027, 1, 1))
    assert [policy_in_force(entity.pk, day).version for day in days] == [1, 3, 3, 2]


@pytest.mark.django_db
def test_the_rules_of_an_approved_one_are_what_was_drafted(drafter, approver):
    given = lead_up_to(30, effective_from=TOMORROW)
    row = approved(given, by=drafter, approver=approver)
    assert policy_rules(row.pk) == as_rules(TierPolicy.objects.get(pk=row.pk))
    assert policy_rules(row.pk).bands == given.bands


@pytest.fixture
def approved_row(drafter, approver):
    return approved(lead_up_to(30, effective_from=TOMORROW), by=drafter, approver=approver)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiering_tierpolicy SET note = 'x' WHERE version = {v}",
        "UPDATE tiering_tierpolicy SET status = 'draft' WHERE version = {v}",
        "UPDATE tiering_tierpolicy SET effective_from = '2020-01-02' WHERE version = {v}",
        "DELETE FROM tiering_tierpolicy WHERE version = {v}",
        "UPDATE tiering_tierband SET floor = floor + 1 WHERE policy_id = {pk}",
        "UPDATE tiering_tierband SET policy_id = {draft} WHERE policy_id = {pk} AND tier = 5",
        "DELETE FROM tiering_tierband WHERE policy_id = {pk}",
        "UPDATE tiering_productcategory SET bit = 30 WHERE policy_id = {pk} AND code = 'fund'",
        "DELETE FROM tiering_productcategory WHERE policy_id = {pk}",
        "INSERT INTO tiering_productcategory (policy_id, code, name, bit) VALUES ({pk}, 'x', 'x', 30)",
        "UPDATE tiering_productcategory SET policy_id = {pk} WHERE policy_id = {draft}",
        "UPDATE tiering_policystep SET by_id = by_id WHERE policy_id = {pk}",
        "DELETE FROM tiering_policystep WHERE policy_id = {pk}",
        "DELETE FROM tiering_tierband WHERE policy_id = {draft}",
        "TRUNCATE tiering_productcategory",
    ],
)
def test_what_is_approved_never_changes_by_sql_either(approved_row, drafter, statement):
    draft = draft_policy(given=draft_in_force(), by=drafter)
    said = statement.format(pk=approved_row.pk, v=approved_row.version, draft=draft.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(said)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiering_tierpolicy SET status = 'draft' WHERE id = {pk}",
        "UPDATE tiering_tierband SET floor = floor + 1 WHERE policy_id = {pk}",
        "DELETE FROM tiering_productcategory WHERE policy_id = {pk}",
    ],
)
def test_what_is_discarded_never_comes_back_by_sql_either(drafter, statement):
    policy = discard_draft(policy=draft_policy(given=draft_in_force(), by=drafter), reason="不再需要", by=drafter)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(pk=policy.pk))


@pytest.mark.django_db
def test_a_draft_gives_up_what_it_no_longer_names(drafter):
    given = draft_in_force()
    policy = draft_policy(given=given, by=drafter)
    fewer: Draft = replace(given, categories=given.categories[:2])
    revise_draft(policy=policy, given=fewer, revision=1, by=drafter)
    assert list(ProductCategory.objects.filter(policy=policy).values_list("code", "bit")) == [
        ("deposit", 0),
        ("wealth_product", 1),
    ]
    assert TierBand.objects.filter(policy=policy).count() == 4
