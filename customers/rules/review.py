"""Who decides on a request: which permission, in whose branch (rules 1.3)."""

from customers.enums import AmendmentKind

APPROVE_AMENDMENT, APPROVE_MERGE = "customers.approve_amendment", "customers.approve_merge"
PERMISSIONS = (APPROVE_AMENDMENT, APPROVE_MERGE)
# What touches the standing of a customer is decided by the branch manager of the home branch; the rest by a supervisor
# or branch manager of the maker's branch.
BY_HOME_BRANCH = frozenset(
    {AmendmentKind.MERGE, AmendmentKind.MERGE_UNDO, AmendmentKind.SUSPENSION, AmendmentKind.REINSTATEMENT}
)


def deciding_permission(kind: str) -> str:
    return APPROVE_MERGE if kind in BY_HOME_BRANCH else APPROVE_AMENDMENT


def kinds_decided_with(permission: str) -> frozenset[str]:
    return frozenset(str(kind) for kind in AmendmentKind if deciding_permission(kind) == permission)
