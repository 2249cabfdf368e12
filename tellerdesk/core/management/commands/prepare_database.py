from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from tellerdesk.core.database_roles import NeedsAdministrator, prepare_database


class Command(BaseCommand):
    help = "Roles, migrations and grants; safe to repeat."
    requires_system_checks = []

    def handle(self, *, verbosity, **options):
        try:
            prepare_database(verbosity=verbosity)
        except NeedsAdministrator as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except OperationalError as problem:
            raise CommandError(str(problem).strip()) from problem
