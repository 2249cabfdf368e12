"""What the dashboard says of owners, counted anew where owners or a go-live changed by hand; the next night counts
everything, and one that is under way counts neither before such an act nor without it (services.meetings).
"""

from collections.abc import Iterable
from itertools import groupby

from django.db import connection

from tellerdesk.staff.models import Branch
from tiering.jobs.owed_owners import recount_overdue
from tiering.models import SnapshotDay, TierAssignment, TierSummary
from tiering.selectors.days import policy_rules
from tiering.selectors.owed import owed_columns, with_owed
from tiering.services.meetings import hold_off_counting


def count_owed(standings: Iterable[TierAssignment]) -> None:
    """Of their branches and tiers, in the summary of the newest day; within the transaction that changed the owners."""
    count_places({(each.legal_entity_id, each.branch_id, each.tier) for each in standings})


def count_places(keys: Iterable[tuple[int, int, int]]) -> None:
    """Legal entity, branch and tier of each.

    The summary's row is locked first: who changes another customer of the branch meanwhile is waited for and counted.
    """
    for entity, places in groupby(sorted(keys), key=lambda key: key[0]):
        hold_off_counting(entity)
        newest = _newest_day(entity)
        for _, branch, tier in places if newest else ():
            _count(newest, branch, tier)


def count_overdue(branches: Iterable[Branch]) -> None:
    """Of all their tiers in three queries, however many they are; within the transaction that changed their go-live.

    The rows are locked in the order of `count_places`, and for its reason.
    """
    for entity, group in groupby(sorted(branches, key=_entity_of), key=_entity_of):
        hold_off_counting(entity)
        newest, ids = _newest_day(entity), [branch.pk for branch in group]
        if newest is None:
            continue
        summaries = TierSummary.objects.select_for_update().filter(branch__in=ids, as_of=newest.as_of)
        if list(summaries.order_by("branch_id", "tier").values_list("pk")):
            with connection.cursor() as cursor:
                recount_overdue(cursor, legal_entity_id=entity, as_of=newest.as_of, branches=ids)


def _entity_of(branch: Branch) -> int:
    return branch.legal_entity_id


def _newest_day(legal_entity_id: int) -> SnapshotDay | None:
    return SnapshotDay.objects.filter(legal_entity_id=legal_entity_id).standing().order_by("-as_of").first()


def _count(newest: SnapshotDay, branch: int, tier: int) -> None:
    """Numbers that nobody knew of that day stay unknown."""
    summaries = TierSummary.objects.select_for_update().filter(branch_id=branch, as_of=newest.as_of, tier=tier)
    summary = summaries.first()
    if summary is None:
        return
    policy = policy_rules(newest.policy_id)
    rows = with_owed(TierAssignment.objects.filter(branch_id=branch, tier=tier), policy)
    found = rows.aggregate(**owed_columns(newest.as_of, policy))
    known = {name: number for name, number in found.items() if getattr(summary, name) is not None}
    TierSummary.objects.filter(pk=summary.pk).update(**known)
