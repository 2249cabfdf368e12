from customers.models import Amendment


def review_queue(staff):
    """What waits in the branches where `staff` may approve, the oldest first; one's own are shown but locked."""
    return (
        Amendment.objects.for_checker(staff)
        .pending()
        .select_related("maker", "customer", "identity_check", "branch")
        .order_by("pk")
    )


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
    """The request, where `staff` may approve in the maker's branch; its state does not matter here."""
    return (
        Amendment.objects.for_checker(staff).select_related("maker", "customer", "identity_check").filter(pk=pk).first()
    )


def readable(staff, pk: int) -> Amendment | None:
    mine = Amendment.objects.made_by(staff).filter(pk=pk).select_related("maker", "customer", "identity_check").first()
    return mine or decidable(staff, pk)
