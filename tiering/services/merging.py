"""What becomes of tier and owners when two customers are merged, and when that is undone (customers.merging_parties).

The absorbed customer leaves the tiers at once; the lines that go on coming for the former number count for the survivor
from the next night on (jobs.merged_lines).
"""

from copy import copy

from django.db.models import F

from customers.models import Customer
from tellerdesk.audit.services import record
from tellerdesk.core.business_date import today
from tiering.enums import OwnerEnd, OwnerReason, Tier
from tiering.models import OwnerAssignment, SnapshotDay, TierAssignment, TierSummary
from tiering.selectors.standing import present_owners
from tiering.services.meetings import hold_off_counting, hold_portfolios
from tiering.services.merged_choices import leave_alone, take_up_again
from tiering.services.owed_counts import count_owed
from tiering.services.patience import patient

FIGURES = ("aum", "card_spend_year", "personal_loan_balance", "custody_margin", "card_level", "tier", "reasons")
TAKEN_OVER = (*FIGURES, "policy_version", "since", "falling_since")
NOTHING = dict.fromkeys(FIGURES, 0)


def after_merge(survivor: Customer, absorbed: Customer, *, by, request) -> dict:
    """A survivor in no tier takes the absorbed one's, a survivor without owner the primary owner.

    Raises StandingBusy while the night is at it.
    """
    with patient():
        leaving, staying = standing_of(absorbed), standing_of(survivor)
        owners = present_owners(absorbed)
        if leaving is None:
            return {}
        before = [copy(each) for each in (leaving, staying) if each]
        kept = {"absorbed": noted(leaving), "survivor": staying and noted(staying), "owners": [o.pk for o in owners]}
        count(leaving, -1)
        for each in owners:
            end(each, OwnerEnd.MERGED)
        staying = take_over(survivor, leaving, staying)
        written(leaving, owner=None, falling_since=None, **NOTHING)
        kept |= leave_alone(absorbed)
        primary = next((each for each in owners if each.is_primary), None)
        received = receive(staying, primary, leaving, by=by) if primary and staying.owner_id is None else None
        kept["received"] = received and received.pk
        count_owed([*before, staying])
        touched = filter(None, [leaving, staying, received, *owners])
        tell("tiering.owners_merged", survivor, absorbed, touched, by=by)
    return kept


def after_undo(survivor: Customer, absorbed: Customer, *, kept: dict, by, request) -> None:
    """Owners come back as new rows, those who still work here; the survivor's tier is left to the next night.

    Raises StandingBusy.
    """
    if not kept:
        return
    with patient():
        leaving, staying = standing_of(absorbed), standing_of(survivor)
        restored(leaving, kept["absorbed"])
        received = OwnerAssignment.objects.filter(pk=kept["received"], until=None).first()
        if received:
            end(received, OwnerEnd.UNMERGED)
            written(staying, owner=None)
        before = copy(staying)
        if kept["survivor"] is None or kept["survivor"]["tier"] == Tier.OUT_OF_SCOPE:
            count(staying, -1)
            written(staying, **(kept["survivor"] or NOTHING))
        owners = [again(each, by=by) for each in former(kept["owners"])]
        primary = next((each for each in owners if each.is_primary), None)
        written(leaving, owner=primary and primary.owner)
        count(leaving, 1)
        count_owed([before, leaving])
        taken_up = take_up_again(kept) if primary else []
        touched = filter(None, [leaving, staying, received, *owners, *taken_up])
        tell("tiering.owners_unmerged", survivor, absorbed, touched, by=by)


def standing_of(customer: Customer) -> TierAssignment | None:
    rows = TierAssignment.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.filter(customer=customer).first()


def noted(standing: TierAssignment) -> dict:
    values = {field: getattr(standing, field) for field in TAKEN_OVER}
    days = {field: values[field] and values[field].isoformat() for field in ("since", "falling_since")}
    return values | days


def restored(standing: TierAssignment, values: dict) -> None:
    written(standing, **values)
    standing.refresh_from_db()


def written(standing: TierAssignment, **values) -> None:
    for field, value in values.items():
        setattr(standing, field, value)
    standing.save(update_fields=list(values))


def take_over(survivor: Customer, leaving: TierAssignment, staying: TierAssignment | None) -> TierAssignment:
    """The survivor's standing; the absorbed one's, where the survivor is in no tier."""
    if staying and staying.tier != Tier.OUT_OF_SCOPE:
        return staying
    values = {field: getattr(leaving, field) for field in TAKEN_OVER}
    first = (staying and staying.initial_maintainer_id) or leaving.initial_maintainer_id
    if staying is None:
        place = {"legal_entity_id": survivor.legal_entity_id, "branch_id": survivor.home_branch_id}
        staying = TierAssignment.objects.create(customer=survivor, initial_maintainer_id=first, **place, **values)
    else:
        written(staying, initial_maintainer_id=first, **values)
    count(staying, 1)
    return staying


def receive(
    staying: TierAssignment, primary: OwnerAssignment, leaving: TierAssignment, *, by
) -> OwnerAssignment | None:
    if not primary.owner.is_active or staying.tier == Tier.OUT_OF_SCOPE:
        return None
    row = new_row(staying.customer_id, primary, OwnerReason.MERGED, by=by)
    first = staying.initial_maintainer_id or leaving.initial_maintainer_id or primary.owner_id
    written(staying, owner=primary.owner, initial_maintainer_id=first)
    return row


def end(row: OwnerAssignment, reason: OwnerEnd) -> None:
    row.until, row.end_reason = max(today(), row.since), reason
    row.save(update_fields=["until", "end_reason"])


def former(pks: list[int]) -> list[OwnerAssignment]:
    rows = OwnerAssignment.objects.filter(pk__in=pks, owner__is_active=True)
    return list(rows.select_related("owner").order_by("-is_primary", "pk"))


def again(row: OwnerAssignment, *, by) -> OwnerAssignment:
    return new_row(row.customer_id, row, OwnerReason.UNMERGED, by=by)


def new_row(customer_id: int, like: OwnerAssignment, reason: OwnerReason, *, by) -> OwnerAssignment:
    hold_portfolios(growing=[like.owner_id])
    return OwnerAssignment.objects.create(
        legal_entity_id=like.legal_entity_id,
        customer_id=customer_id,
        owner=like.owner,
        position=like.position,
        is_primary=like.is_primary,
        since=today(),
        reason=reason,
        by=by,
    )


def count(standing: TierAssignment, change: int) -> None:
    """In the summary of the newest day, which the dashboard reads; the next night counts anew."""
    hold_off_counting(standing.legal_entity_id)
    changed = {"customers": F("customers") + change, "aum": F("aum") + change * standing.aum}
    summary_of(standing).update(**changed)


def summary_of(standing: TierAssignment):
    newest = SnapshotDay.objects.filter(legal_entity_id=standing.legal_entity_id).standing()
    day = newest.order_by("-as_of").values("as_of")[:1]
    return TierSummary.objects.filter(
        branch_id=standing.branch_id, as_of=day, tier=standing.tier, customers__gt=0, tier__gt=Tier.OUT_OF_SCOPE
    )


def tell(action: str, survivor: Customer, absorbed: Customer, touched, *, by) -> None:
    record(action, subject=survivor, by=by, detail={"absorbed": absorbed.customer_number}, touched=list(touched))
