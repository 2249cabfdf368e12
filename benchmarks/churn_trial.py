"""The part of the churn trial that knows Django: started by __main__ with a DATABASE_URL of its own."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellerdesk.settings")
django.setup()

from benchmarks import churn  # noqa: E402
from tellerdesk import reference  # noqa: E402
from tellerdesk.core.database_roles import prepare_database  # noqa: E402

if __name__ == "__main__":
    prepare_database(verbosity=0)
    reference.load()
    sys.exit(not churn.run(Path(sys.argv[1])))
