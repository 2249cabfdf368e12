from customers import enums
from customers.models import Customer, IdentityCheck
from tellerdesk.audit.services import record


def settle_owed(check: IdentityCheck, *, by) -> Customer | None:
    """A later check that let the business go on pays what the same person's earlier checks left owed.

    Runs in the transaction of the decision. None where the person is no customer or owes nothing.
    """
    customer = (
        Customer.objects.select_for_update(of=["self"], no_key=True)
        .filter(legal_entity_id=check.legal_entity_id, keys__key_digest=check.key_digest)
        .first()
    )
    owed = list(customer.checks.filter(follow_up_due_on__isnull=False).select_for_update()) if customer else []
    if not owed or check.outcome == enums.CheckOutcome.UNAVAILABLE:
        return None
    for each in owed:
        each.follow_up_due_on = None
        each.save(update_fields=["follow_up_due_on"])
    before, customer.verification = customer.verification, enums.Verification.VERIFIED
    customer.save(update_fields=["verification"])
    changes = {"verification": [before, customer.verification]}
    record("customers.verified", subject=customer, by=by, changes=changes, touched=[check, *owed])
    return customer
