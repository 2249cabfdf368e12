from django.db.models import Q

from customers import enums
from customers.models import Customer, IdentityCheck
from tellerdesk.audit.services import changed_fields, record


def settle_owed(check: IdentityCheck, *, by) -> Customer | None:
    """A later check that let the business go on pays what the same person's earlier checks left owed.

    Runs in the transaction of the decision. None where the person is no customer or owes nothing. What a refusal owes
    the police stays owed, and so does everything where the name checked is not the customer's: that match proves the
    name on file wrong.
    """
    if check.outcome == enums.CheckOutcome.UNAVAILABLE:
        return None
    customer = (
        Customer.objects.select_for_update(of=["self"], no_key=True)
        .filter(legal_entity_id=check.legal_entity_id, keys__key_digest=check.key_digest)
        .first()
    )
    if customer and customer.name != check.name:
        return None
    owed = list(owed_by(check, customer).select_for_update(of=["self"]))
    for each in owed:
        each.follow_up_due_on = None
        each.save(update_fields=["follow_up_due_on"])
    if not any(each.customer_id for each in owed):
        if owed:  # of somebody who is no customer: an agent, or whose business was never finished
            record("customers.owed_settled", subject=check, by=by, touched=owed)
        return None
    before = customer.verification
    if not customer.checks.owed().exists():  # another paper of the same person may owe its own
        customer.verification = enums.Verification.VERIFIED
        customer.save(update_fields=["verification"])
    changes = changed_fields({"verification": before}, {"verification": customer.verification})
    record("customers.verified", subject=customer, by=by, changes=changes, touched=[check, *owed])
    return customer


def owed_by(check: IdentityCheck, customer: Customer | None):
    """Of the same identity: on the customer's file, and where nobody of that name became a customer."""
    same = IdentityCheck.objects.owed().filter(legal_entity_id=check.legal_entity_id, key_digest=check.key_digest)
    alone = Q(customer=None, name=check.name)
    whose = alone | Q(customer=customer) if customer else alone
    return same.filter(whose).exclude(decision=enums.CheckDecision.REFUSE)
