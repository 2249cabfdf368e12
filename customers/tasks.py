from django_tasks import task

from customers.jobs.import_customers import run_import


@task()
def import_customers(import_id: int) -> int:
    """May run twice: jobs.import_customers. How many of the same legal entity were woken by its end."""
    waiting = run_import(import_id)
    for following in waiting:
        import_customers.enqueue(following)
    return len(waiting)
