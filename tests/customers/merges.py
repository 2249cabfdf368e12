"""Two customers, and what makes them one, for tests."""

from customers.models import Amendment, Customer
from customers.services import approve, ask_for_merge, ask_for_undo
from tests.factories import make_branch, make_customer, make_staff

EVIDENCE = "双方身份证件原件均已当面核对,系同一人"


def make_two(**changes) -> tuple[Customer, Customer]:
    """The older first; they differ in number and in what the changes say of the second."""
    teller = make_staff()
    return make_customer(by=teller), make_customer(by=teller, **changes)


def ask(survivor: Customer, absorbed: Customer, *, by=None, **choices) -> Amendment:
    return ask_for_merge(
        survivor=survivor.customer_number,
        absorbed=absorbed.customer_number,
        evidence=EVIDENCE,
        choices=choices,
        by=by or survivor.opened_by,
    )


def manager(code: str = "001"):
    return make_staff(position="branch_manager", branch=make_branch(code))


def merge(survivor: Customer, absorbed: Customer, **choices) -> Amendment:
    """Asked for and approved; both are read anew."""
    request = approve(amendment=ask(survivor, absorbed, **choices), by=manager())
    reread(survivor, absorbed)
    return request


def undo(request: Amendment, *, reason: str = "核实为两人") -> Amendment:
    asked = ask_for_undo(merge=request.merge, reason=reason, by=request.customer.opened_by)
    return approve(amendment=asked, by=manager())


def reread(*customers: Customer) -> None:
    for each in customers:
        each.refresh_from_db()
