"""引荐: which specialists may serve a customer on the owner's referral (rules 4.4)."""

# The advisor is the customer's own branch's; the others serve every branch below theirs.
OF_THE_BRANCH = ("financial_advisor",)
ABOVE_TOO = ("relationship_manager", "product_manager", "wealth_consultant", "wealth_manager")
POSITIONS = (*OF_THE_BRANCH, *ABOVE_TOO)


def may_serve(position: str, posting_branch_path: str, customer_branch_path: str) -> bool:
    """Paths are `/000/001/`."""
    if posting_branch_path == customer_branch_path:
        return position in POSITIONS
    return position in ABOVE_TOO and customer_branch_path.startswith(posting_branch_path)


def lasts(*, is_maintained: bool, has_owner: bool, specialist_is_active: bool) -> bool:
    """A referral is the owner's: without one, or out of scope, nobody serves on it. The nightly SQL is held to this."""
    return is_maintained and has_owner and specialist_is_active
