from customers.models import Amendment
from customers.rules.review import PERMISSIONS, deciding_permission
from tellerdesk.core.errors import NotPermitted


def review_queue(staff):
    """What waits in the branches where `staff` may approve, the longest waiting first; one's own are locked."""
    return (
        Amendment.objects.for_checker(staff)
        .pending()
        .select_related("maker", "customer", "other", "identity_check", "branch")
        .order_by("made_at", "pk")
    )


def review_count(staff) -> int:
    """For spine and home: what `staff` may decide on, one's own left out. One query, none where nobody asks."""
    if not any(staff.postings_granting(permission) for permission in PERMISSIONS):
        return 0
    return Amendment.objects.for_checker(staff).pending().exclude(maker=staff).count()


def requests_of(staff):
    return (
        Amendment.objects.made_by(staff)
        .select_related("maker", "customer", "identity_check", "checker")
        .order_by("-pk")
    )


def requests_seen_by(staff, *, status: str = ""):
    """One's own and those one may decide on; of one status where it is named."""
    seen = Amendment.objects.made_by(staff) | Amendment.objects.for_checker(staff)
    seen = seen.select_related("maker", "customer", "identity_check", "checker")
    return seen.filter(status=status) if status else seen


def decidable(staff, pk: int) -> Amendment | None:
    """The request, where a posting of `staff` decides on its kind; its state does not matter here.

    Raises NotPermitted where `staff` works in the deciding branch and lacks the position only.
    """
    found = Amendment.objects.reachable_by(staff).select_related(
        "maker", "branch", "customer", "other", "identity_check", "changed_number"
    )
    request = found.for_checker(staff).filter(pk=pk).first()
    if request is None and found.filter(pk=pk, branch__in=[each.branch_id for each in staff.postings_now]).exists():
        raise NotPermitted(deciding_permission(found.get(pk=pk).kind))
    return request


def readable(staff, pk: int) -> Amendment | None:
    """One's own, and what one may decide on."""
    seen = Amendment.objects.made_by(staff) | Amendment.objects.for_checker(staff)
    return seen.select_related("maker", "customer", "other", "identity_check").filter(pk=pk).first()
