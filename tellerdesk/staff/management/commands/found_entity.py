from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from tellerdesk.core.business_date import today
from tellerdesk.staff.enums import Position
from tellerdesk.staff.errors import UsernameTaken
from tellerdesk.staff.models import Branch
from tellerdesk.staff.services.accounts import create_staff
from tellerdesk.staff.services.places import HEAD_OFFICE, found_legal_entity
from tellerdesk.staff.system import System


class Command(BaseCommand):
    help = (
        "Founds a legal entity with its head office (branch 000) and the first login there; prints the password once."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", help="short code of the legal entity")
        parser.add_argument("name", help="name of the legal entity")
        parser.add_argument("username", help="staff number of the first person at head office")
        parser.add_argument("person", help="name of that person")
        parser.add_argument("--head-office", default="总行", help="name of branch 000")

    def handle(self, *, code, name, username, person, head_office, **options):
        try:
            made = self._found(code, name, username, person, head_office)
        except (IntegrityError, UsernameTaken) as error:
            raise CommandError(f"{code} or {username} exists already") from error
        self.stdout.write(f"{name}: {username}, password {made.password} (to be changed at the first login)")

    @transaction.atomic
    def _found(self, code, name, username, person, head_office):
        entity = found_legal_entity(code=code, name=name, head_office_name=head_office)
        head = Branch.objects.get(legal_entity=entity, code=HEAD_OFFICE)
        return create_staff(
            username=username, name=person, branch=head, position=Position.HEAD_OFFICE, since=today(), by=System(entity)
        )
