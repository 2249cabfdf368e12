"""Sample data for an empty database: made-up banks, people and customers, written as the services write them."""

from django.db import transaction

from tellerdesk.demo.accounts import load_accounts
from tellerdesk.demo.assessments import load_assessments
from tellerdesk.demo.customers import load_customers
from tellerdesk.demo.duplicates import load_duplicates, seek_duplicates
from tellerdesk.demo.hand_overs import load_hand_overs
from tellerdesk.demo.holidays import load_calendar
from tellerdesk.demo.papers_on_file import load_papers
from tellerdesk.demo.policies import load_policy_draft
from tellerdesk.demo.portfolios import load_portfolios
from tellerdesk.demo.rosters import load_rosters
from tellerdesk.demo.snapshots import load_snapshots, queue_snapshots


def load() -> None:
    """Accounts first: customers are opened by them. Prints a line for each step."""
    with transaction.atomic():  # whole or not at all, however we end meanwhile
        load_accounts()
        load_calendar()
        load_customers()
        load_papers()
        load_duplicates()
        queue_snapshots()
    load_snapshots()
    load_what_rests_on_nights()


def finish() -> None:
    """What `load` left when it was killed between its transaction and its last night; nothing else has begun then."""
    if load_snapshots():
        load_what_rests_on_nights()


def load_what_rests_on_nights() -> None:
    load_rosters()
    seek_duplicates()
    load_policy_draft()
    load_portfolios()
    load_assessments()
    load_hand_overs()
