from django_tasks import task

from tiering.jobs.assess_quarter import assess
from tiering.jobs.nightly import run_night
from tiering.jobs.what_if_cells import count_cells


@task()
def night(run_id: int) -> str:
    """May run twice: jobs.nightly. The status of the run, for whoever reads the queue."""
    return run_night(run_id).status


@task()
def what_if_cells(legal_entity_id: int) -> int:
    """May run twice: what holds is not counted again. The number of cells."""
    basis = count_cells(legal_entity_id)
    return basis.cells if basis else 0


@task()
def assess_quarter(assessment_id: int) -> str:
    """May run twice: jobs.assess_quarter."""
    return assess(assessment_id).status
