from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tellerdesk.core.errors import DomainError
from tellerdesk.files.runs import RunStatus
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from tiering.jobs.assess_quarter import assess
from tiering.models import Assessment
from tiering.rules.quarters import Quarter, parse_quarter
from tiering.services.assessing import close_assessment, new_version


class Command(BaseCommand):
    requires_system_checks = []
    help = "Assesses a quarter of a legal entity; every call makes a new version."

    def add_arguments(self, parser):
        parser.add_argument("quarter", help="2026Q3")
        parser.add_argument("--legal-entity", required=True, metavar="CODE")
        parser.add_argument("--close", action="store_true", help="freeze the version when it is computed")
        parser.add_argument("--reason", default="", help="obligatory where the quarter was closed before")

    def handle(self, *, quarter, legal_entity, close, reason, **options):
        entity = LegalEntity.objects.filter(code=legal_entity).first()
        if entity is None:
            raise CommandError(_("There is no legal entity %(code)s.") % {"code": legal_entity})
        wanted = parse_quarter(quarter)
        if wanted is None:
            raise CommandError(_("This is no quarter; write it like 2026Q3."))
        try:
            row = assessed(entity, wanted)
            if close:
                row = close_assessment(quarter=wanted, reason=reason, by=System(entity))
        except DomainError as refusal:
            raise CommandError(refusal.as_dict()["message"]) from refusal
        self.stdout.write(report(row))


def assessed(entity: LegalEntity, quarter: Quarter) -> Assessment:
    row = assess(new_version(entity, quarter, by=None).pk)
    if row.status != RunStatus.SUCCEEDED:
        raise CommandError(f"{row}: {row.error_code}")
    return row


def report(row: Assessment) -> str:
    """One line for a log."""
    people = row.owners.count()
    why = f" ({row.incomplete})" if row.incomplete else ""
    return f"{row}: {row.state}, {row.opening_on} to {row.closing_on}, {people} owners{why}"
