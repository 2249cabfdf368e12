from django_tasks import task

from tiering.jobs.nightly import run_night


@task()
def night(run_id: int) -> str:
    """May run twice: jobs.nightly. The status of the run, for whoever reads the queue."""
    return run_night(run_id).status
