import os
import sys
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from tellerdesk.core.database_roles import NeedsAdministrator
from tellerdesk.core.local_postgres import NotStarted
from tellerdesk.core.ports import PortTaken
from tellerdesk.production import Unfit
from tellerdesk.serving import SiteEnded, serve


class Command(BaseCommand):
    help = "Prepares everything and runs the site with one background worker until Ctrl-C or SIGTERM."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000, help="default: PORT, or 8000")

    def handle(self, *, port, **options):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
        try:
            serve(port=port, say=partial(print, file=sys.stdout))
        except NeedsAdministrator as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except (Unfit, NotStarted, PortTaken, SiteEnded, OperationalError) as problem:
            raise CommandError(str(problem).strip()) from problem
