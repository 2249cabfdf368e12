from django_tasks import task

from customers.jobs.find_duplicates import run_search
from customers.jobs.import_customers import run_import


@task()
def import_customers(import_id: int) -> None:
    """May run twice: jobs.import_customers."""
    run_import(import_id, wake=import_customers.enqueue)


@task()
def find_duplicates(search_id: int) -> None:
    """May run twice: jobs.find_duplicates."""
    run_search(search_id)
