import sys

from django.core.management.base import BaseCommand

from tellerdesk.core.database_roles import NeedsAdministrator, prepare_database


class Command(BaseCommand):
    help = "Roles, migrations and grants; safe to repeat."
    requires_system_checks = []

    def handle(self, *, verbosity, **options):
        try:
            prepare_database(verbosity=verbosity)
        except NeedsAdministrator as problem:
            self.stderr.write(str(problem))
            sys.exit(2)
