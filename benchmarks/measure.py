"""The part that knows Django: started by __main__ with a DATABASE_URL of its own."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellerdesk.settings")
django.setup()

from benchmarks import (  # noqa: E402
    approvals,
    assessment,
    chain,
    customer_import,
    dashboard,
    duplicates,
    filling,
    lookup,
    night,
    night_delta,
    race,
    site,
    what_if,
)
from benchmarks.figures import machine  # noqa: E402
from tellerdesk import reference  # noqa: E402
from tellerdesk.core.database_roles import prepare_database  # noqa: E402
from tellerdesk.core.static_files import collect_when_changed  # noqa: E402
from tellerdesk.demo.accounts import load_accounts  # noqa: E402
from tellerdesk.staff.models import LegalEntity  # noqa: E402


def main(customers: int, wanted: set[str]) -> None:
    prepare()
    print(machine())
    if "chain" in wanted:
        chain.run()
    if "customer_import" in wanted:
        customer_import.run(min(customers, 200_000))
    if "night" in wanted:
        night.run(customers)
    if "delta" in wanted:
        night_delta.run(customers)
    if "assessment" in wanted:
        assessment.run(customers)
    if "duplicates" in wanted:
        duplicates.run(customers)
    if "what_if" in wanted:
        what_if.run(customers)
    if wanted & {"approvals", "dashboard", "lookup", "race"}:
        people = filling.fill(customers) if "lookup" in wanted else []
        if "dashboard" in wanted:
            dashboard.prepare(customers)
        with site.running() as port:
            if "dashboard" in wanted:
                dashboard.run(port)
            if people:
                lookup.run(port, people)
            if "race" in wanted:
                race.run(port)
            if "approvals" in wanted:
                approvals.run(port)


def prepare() -> None:
    """Tables, keys, courses and the sample accounts, without the sample customers; in a kept database, what is new."""
    prepare_database(verbosity=0)
    reference.load()
    if not LegalEntity.objects.exists():
        load_accounts()
    collect_when_changed()


if __name__ == "__main__":
    main(int(sys.argv[1]), set(sys.argv[2:]))
