"""Two approve at once, a manager sets an owner meanwhile, the night holds the customers: one wins, nothing is half."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections, transaction

from tellerdesk.audit.models import AuditEvent
from tellerdesk.audit.verification import verify
from tellerdesk.core.errors import AlreadyDecided, DomainError
from tellerdesk.files.turns import alone
from tests.factories import make_staff
from tests.tiering.handing import TODAY, begun, make_people, make_portfolio, submitted
from tests.tiering.nights import run_lines
from tests.tiering.standing import make_standing
from tiering.enums import Tier
from tiering.errors import NightRunning, PortfolioChanged, StandingBusy
from tiering.jobs.night import LOCK_SPACE
from tiering.models import HandOver, OwnerAssignment, SnapshotDay, TierAssignment, TierSummary
from tiering.services import set_owners
from tiering.services.hand_over_changes import change_tier
from tiering.services.hand_over_deciding import approve_hand_over
from tiering.services.hand_over_undoing import undo_hand_over
from tiering.services.handing_over import submit_hand_over

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _today(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def people():
    return make_people()


def at_once(*acts) -> list[str]:
    start = Barrier(len(acts))

    def run(act) -> str:
        try:
            start.wait(30)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_approve_at_once_and_one_does(people):
    make_portfolio(people, 3)
    hand_over = submitted(people)
    answers = at_once(
        *[lambda by=people[name]: approve_hand_over(hand_over=hand_over, by=by) for name in ("head", "deputy") * 3]
    )
    assert answers.count("done") == 1
    assert set(answers) - {"done"} <= {"already_decided", "busy"}
    assert OwnerAssignment.objects.filter(reason="handed_over").count() == 3
    assert OwnerAssignment.objects.current().count() == 3
    assert AuditEvent.objects.filter(action="tiering.hand_over_approved").count() == 1
    assert verify().faults == []


def test_a_manager_sets_an_owner_at_the_same_moment(people):
    standing = make_portfolio(people, 2)[0]
    hand_over = submitted(people)
    answers = at_once(
        lambda: approve_hand_over(hand_over=hand_over, by=people["head"]),
        lambda: set_owners(
            customer=standing.customer, owner="two", co_owners=[], reason="客户要求", by=people["manager"]
        ),
    )
    assert answers[0] in ("done", "stale", "busy")
    assert answers[1] in ("done", "busy")
    standing.refresh_from_db()
    present = OwnerAssignment.objects.current().get(customer=standing.customer)
    assert (standing.owner, present.is_primary) == (present.owner, True)
    handed = OwnerAssignment.objects.filter(reason="handed_over").count()
    assert handed == (2 if answers[0] == "done" else 0)
    assert verify().faults == []


def test_whoever_is_given_to_the_leaver_meanwhile_is_seen_by_the_approval(people):
    """The new customer is in no row of the hand-over, so that the two acts lock no row together."""
    make_portfolio(people, 2)
    hand_over = submitted(people)
    given = make_standing(by=people["one"]).customer
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_owners(customer=given, owner="leaver", reason="客户要求", by=people["manager"])
            answer = pool.submit(at_once, lambda: approve_hand_over(hand_over=hand_over, by=people["head"]))
            assert answer.result(30) == ["busy"]
        with transaction.atomic():
            set_owners(customer=given, owner="one", reason="客户要求", by=people["manager"])
    assert not OwnerAssignment.objects.filter(reason="handed_over").exists()
    assert approve_hand_over(hand_over=hand_over, by=people["head"]).status == "approved"
    assert not OwnerAssignment.objects.current().filter(owner=people["leaver"]).exists()


def test_while_a_file_is_loaded_which_may_deal_customers_to_the_leaver_the_approval_gives_way(people):
    make_portfolio(people, 1)
    hand_over = submitted(people)
    with alone(LOCK_SPACE, hand_over.legal_entity_id), pytest.raises(NightRunning):
        approve_hand_over(hand_over=hand_over, by=people["head"])


def test_two_hand_overs_of_one_leaver_are_begun_at_once(people):
    make_portfolio(people, 1)
    answers = at_once(*[lambda by=by: begun(people, by=by) for by in ("manager", "head", "deputy")])
    assert sorted(answers) == ["done", "hand_over_open", "hand_over_open"]
    assert HandOver.objects.count() == 1


def test_while_the_night_holds_a_customer_the_approval_gives_way(people):
    standing = make_portfolio(people, 2)[1]
    hand_over = submitted(people)
    with transaction.atomic(using="owner"):
        TierAssignment.objects.using("owner").select_for_update().get(pk=standing.pk)
        with pytest.raises(StandingBusy):
            approve_hand_over(hand_over=hand_over, by=people["head"])
    assert not OwnerAssignment.objects.filter(reason="handed_over").exists()
    assert approve_hand_over(hand_over=hand_over, by=people["head"]).status == "approved"


def night(people, standings, aum: int):
    lines = [f"{each.customer.customer_number},{aum}" for each in standings]
    run = run_lines(people["leaver"].legal_entity, TODAY, lines)
    assert run.status == "succeeded"


def test_a_night_between_sending_and_approval_that_moves_a_tier_makes_it_stale(people):
    standings = make_portfolio(people, 2)
    hand_over = submitted(people)
    night(people, standings, 250_000)
    with pytest.raises(PortfolioChanged):
        approve_hand_over(hand_over=hand_over, by=people["head"])


def test_the_dashboards_count_of_nobodys_customers_follows(people):
    standings = make_portfolio(people, 3)
    night(people, standings, 75_000)
    assert SnapshotDay.objects.standing().count() == 1
    hand_over = begun(people)
    change_tier(hand_over=hand_over, tier=Tier.BRANCH_STAFF, receiver="", by=people["manager"])
    submit_hand_over(hand_over=hand_over, by=people["manager"])
    approve_hand_over(hand_over=hand_over, by=people["head"])
    summary = TierSummary.objects.get(tier=Tier.BRANCH_STAFF)
    assert (summary.customers, summary.unowned) == (3, 3)
    undo_hand_over(hand_over=hand_over, reason="选错了人", by=people["head"])
    summary.refresh_from_db()
    assert summary.unowned == 0
    with pytest.raises(AlreadyDecided):
        approve_hand_over(hand_over=hand_over, by=people["head"])
    night(people, standings, 76_000)
    assert set(TierAssignment.objects.values_list("owner__username", flat=True)) == {"leaver"}


def test_the_dashboards_warnings_follow_too(people):
    """Of two positions that a tier names one was held; nobody at all is no warning but a customer without owner."""
    lobby = make_staff("lobby", position="lobby_manager", name="陆小满")
    standings = [
        make_standing(tier=Tier.BRANCH_LEAD, owner=lobby, position="lobby_manager", by=people["one"]) for _ in range(2)
    ]
    night(people, standings, 150_000)
    summary = TierSummary.objects.get(tier=Tier.BRANCH_LEAD)
    assert (summary.unowned, summary.warned) == (0, 2)
    hand_over = begun(people, leaver="lobby")
    change_tier(hand_over=hand_over, tier=Tier.BRANCH_LEAD, receiver="", by=people["manager"])
    submit_hand_over(hand_over=hand_over, by=people["manager"])
    approve_hand_over(hand_over=hand_over, by=people["head"])
    summary.refresh_from_db()
    assert (summary.unowned, summary.warned) == (2, 0)
    undo_hand_over(hand_over=hand_over, reason="选错了人", by=people["head"])
    summary.refresh_from_db()
    assert (summary.unowned, summary.warned) == (0, 2)


def test_the_night_leaves_what_was_handed_over_with_its_receivers(people):
    standings = make_portfolio(people, 4)
    hand_over = submitted(people)
    approve_hand_over(hand_over=hand_over, by=people["head"])
    before = dict(TierAssignment.objects.values_list("pk", "owner"))
    night(people, standings, 75_000)
    assert dict(TierAssignment.objects.values_list("pk", "owner")) == before
    assert set(TierAssignment.objects.values_list("initial_maintainer__username", flat=True)) == {"leaver"}
