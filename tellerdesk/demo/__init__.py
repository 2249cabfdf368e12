"""Sample data for an empty database: made-up banks, people and customers, written as the services write them."""

from tellerdesk.demo.accounts import load_accounts
from tellerdesk.demo.customers import load_customers


def load() -> None:
    """Accounts first: customers are opened by them. Prints a line for each step."""
    load_accounts()
    load_customers()
