from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from customers.errors import SearchRunning
from customers.jobs.find_duplicates import run_search
from customers.services.duplicates import new_search
from tellerdesk.files.runs import RunStatus
from tellerdesk.staff.models import LegalEntity


class Command(BaseCommand):
    requires_system_checks = []
    help = "Looks for customers of a legal entity who may be one person. Safe to run again after any end."

    def add_arguments(self, parser):
        parser.add_argument("--legal-entity", required=True, metavar="CODE")

    def handle(self, *, legal_entity, **options):
        entity = LegalEntity.objects.filter(code=legal_entity).first()
        if entity is None:
            raise CommandError(_("There is no legal entity %(code)s.") % {"code": legal_entity})
        try:
            search = new_search(entity)
        except SearchRunning as refusal:
            raise CommandError(refusal.as_dict()["message"]) from refusal
        run_search(search.pk)
        search.refresh_from_db()
        if search.status != RunStatus.SUCCEEDED:
            raise CommandError(_("The search for duplicates ended without effect"))
        self.stdout.write(f"customers {search.customers}, pairs {search.pairs}, new {search.new_pairs}")
