"""正常, 中止, 销户: which standing leads where (rules 1.3)."""

from customers.enums import AmendmentKind, CustomerStatus

LEADS_TO = {
    AmendmentKind.SUSPENSION: CustomerStatus.SUSPENDED,
    AmendmentKind.REINSTATEMENT: CustomerStatus.ACTIVE,
    AmendmentKind.CLOSURE: CustomerStatus.CLOSED,
}
BEGINS_WITH = {
    AmendmentKind.SUSPENSION: frozenset({CustomerStatus.ACTIVE}),
    AmendmentKind.REINSTATEMENT: frozenset({CustomerStatus.SUSPENDED}),
    AmendmentKind.CLOSURE: frozenset({CustomerStatus.ACTIVE, CustomerStatus.SUSPENDED}),
}


def may_begin(kind: str, status: str) -> bool:
    """KeyError for a kind that does not change the standing."""
    return status in BEGINS_WITH[AmendmentKind(kind)]
