"""What the background worker does of itself, at its start and every day: what nobody needs any more goes."""

from customers.jobs.file_retention import forget_files_of
from customers.jobs.import_retention import forget_old_imports
from customers.jobs.propose_suspensions import propose_suspensions
from tellerdesk.files.retention import sweep
from tellerdesk.files.workplaces import clear_abandoned
from tiering.models import NightlyRun


def keep_house() -> None:
    """The same however often it runs, and by how many workers at once."""
    clear_abandoned()
    forget_old_imports()
    forget_files_of(NightlyRun)
    sweep()
    propose_suspensions()
