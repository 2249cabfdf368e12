from django_tasks import task

from training.closing import close_overdue


@task()
def close_attempt(attempt_id: int) -> bool:
    """Runs at the deadline, perhaps twice, perhaps late: closing is idempotent and asks the clock itself."""
    return close_overdue(attempt_id=attempt_id)
