from django_tasks import task

from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun


@task()
def sample_night(run_id: int) -> str:
    """As of its own day, whenever a worker comes to it: nobody is dealt customers before he came."""
    day = NightlyRun.objects.values_list("as_of", flat=True).get(pk=run_id)
    return run_night(run_id, on=day).status
