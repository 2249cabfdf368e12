"""The rows of a hand-over: what the leaver holds now, each with the fate that a rule or a person gave it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tellerdesk.core.business_date import today
from tellerdesk.staff.models import Staff
from tiering.enums import HandOverFate
from tiering.errors import NotBeingSplit, NotTheMaker, PortfolioChanged
from tiering.jobs.hand_over import write_rows
from tiering.models import HandOver, TierAssignment
from tiering.rules.handing_over import Fate, taker_for
from tiering.selectors.portfolio import Holding, Portfolio, portfolio_of
from tiering.services.owed_counts import count_places

MOST_NAMED = 20


def locked(hand_over: HandOver) -> HandOver:
    """The row as it is now, for us alone until the transaction ends."""
    rows = HandOver.objects.select_for_update(of=("self",)).select_related("leaver", "maker", "branch", "checker")
    return rows.get(pk=hand_over.pk)


def locked_draft(hand_over: HandOver, *, by: Staff) -> HandOver:
    """Raises NotTheMaker, NotBeingSplit."""
    held = locked(hand_over)
    if held.maker_id != by.pk:
        raise NotTheMaker
    if held.status != "draft":
        raise NotBeingSplit(status=held.status)
    return held


def write_fates(hand_over: HandOver, portfolio: Portfolio, fates: Iterable[Fate]) -> None:
    fate_of = {each.customer: each for each in fates}
    write_rows(hand_over, [_row(each, fate_of[each.customer]) for each in portfolio.holdings])


def count_owed_after(hand_over: HandOver) -> None:
    """What the dashboard says of owners, in every branch and tier that the hand-over has touched."""
    rows = TierAssignment.objects.filter(pk__in=hand_over.rows.handed().values("customer"))
    count_places(rows.order_by().values_list("legal_entity_id", "branch_id", "tier").distinct())


def _row(each: Holding, fate: Fate) -> tuple:
    """As jobs.hand_over.COLUMNS."""
    facts = (each.customer, each.assignment, each.branch, int(each.tier), each.aum, each.is_primary, each.position)
    return *facts, fate.kind.value, fate.staff, fate.position, str(fate.why), fate.by_hand


def refuse_if_changed(hand_over: HandOver) -> Portfolio:
    """Whether every row still is what the leaver holds, and every receiver may have it. Raises PortfolioChanged."""
    portfolio = portfolio_of(hand_over.leaver, today())
    columns = ("customer_id", "assignment_id", "is_primary", "fate", "receiver_id", "receiver_position")
    rows = {row[0]: row for row in hand_over.rows.handed().values_list(*columns)}
    held = {each.customer: each for each in portfolio.holdings}
    gained = [each for each in portfolio.holdings if not _is_same(each, rows.get(each.customer))]
    lost = [pk for pk in rows if pk not in held]
    refused = {rows[pk][4] for pk, each in held.items() if pk in rows and not _fits(each, rows[pk], portfolio)}
    if gained or lost or refused:
        raise _changed(gained, lost, refused, hand_over)
    return portfolio


def _is_same(each: Holding, row: tuple | None) -> bool:
    return row is not None and row[1:3] == (each.assignment, each.is_primary)


def _fits(each: Holding, row: tuple, portfolio: Portfolio) -> bool:
    _customer, _assignment, _is_primary, fate, receiver, position = row
    if fate != HandOverFate.RECEIVER:
        return True
    taker = taker_for(each.held, portfolio.takers, receiver)
    return taker is not None and taker.position == position


def _changed(gained: list[Holding], lost: list[int], refused: set[int], hand_over: HandOver) -> PortfolioChanged:
    names = list(Staff.objects.filter(pk__in=refused).order_by("username").values_list("username", "name"))
    left = hand_over.rows.filter(customer__in=lost[:MOST_NAMED]).values_list("customer__customer_number", flat=True)
    parts = []
    if gained:
        parts.append(_("%(number)s customers have come or changed.") % {"number": len(gained)})
    if lost:
        parts.append(_("%(number)s customers are no longer the leaver's.") % {"number": len(lost)})
    if names:
        words = _("%(names)s may not take over these customers any more.")
        parts.append(words % {"names": _(", ").join(f"{name} {username}" for username, name in names)})
    return PortfolioChanged(
        explanation=" ".join(parts),
        gained=[each.customer_number for each in gained[:MOST_NAMED]],
        lost=list(left),
        receivers=[username for username, _name in names],
    )
