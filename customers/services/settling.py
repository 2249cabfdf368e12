from django.db.models import Q

from customers import enums
from customers.models import Customer, IdentityCheck
from tellerdesk.audit.services import record


def settle_owed(check: IdentityCheck, *, by) -> Customer | None:
    """A later check that let the business go on pays what the same person's earlier checks left owed.

    Runs in the transaction of the decision. None where the person is no customer or owes nothing. What a refusal owes
    the police stays owed.
    """
    if check.outcome == enums.CheckOutcome.UNAVAILABLE:
        return None
    customer = (
        Customer.objects.select_for_update(of=["self"], no_key=True)
        .filter(legal_entity_id=check.legal_entity_id, keys__key_digest=check.key_digest)
        .first()
    )
    owed = list(owed_by(check, customer).select_for_update(of=["self"]))
    for each in owed:
        each.follow_up_due_on = None
        each.save(update_fields=["follow_up_due_on"])
    if not any(each.customer_id for each in owed):
        if owed:  # of somebody who is no customer: an agent, or whose business was never finished
            record("customers.owed_settled", subject=check, by=by, touched=owed)
        return None
    before, customer.verification = customer.verification, enums.Verification.VERIFIED
    customer.save(update_fields=["verification"])
    changes = {"verification": [before, customer.verification]}
    record("customers.verified", subject=customer, by=by, changes=changes, touched=[check, *owed])
    return customer


def owed_by(check: IdentityCheck, customer: Customer | None):
    """Of every document on the customer's file, and of the same person where nobody became a customer."""
    alone = Q(customer=None, key_digest=check.key_digest, legal_entity_id=check.legal_entity_id)
    whose = alone | Q(customer=customer) if customer else alone
    return IdentityCheck.objects.owed().filter(whose).exclude(decision=enums.CheckDecision.REFUSE)
