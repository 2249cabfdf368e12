"""What the background worker does of itself, at its start and every day: what nobody needs any more goes."""

import logging

from customers.jobs.file_retention import forget_files_of
from customers.jobs.import_retention import forget_old_imports
from customers.jobs.propose_suspensions import propose_suspensions
from tellerdesk.files.retention import sweep
from tellerdesk.files.workplaces import clear_abandoned
from tiering.jobs.day_retention import forget_old_days
from tiering.models import NightlyRun

logger = logging.getLogger("tellerdesk.keeping")


def keep_house() -> None:
    """The same however often it runs, and by how many workers at once. What breaks does not keep the rest from it."""
    for task in (clear_abandoned, forget_old_imports, forget_nights, forget_old_days, sweep, propose_suspensions):
        try:
            task()
        except Exception as error:  # told by its name alone: a message may quote what it was at
            logger.error("%s failed: %s", task.__name__, type(error).__name__)


def forget_nights() -> None:
    forget_files_of(NightlyRun)
