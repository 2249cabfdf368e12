from django.core.management.base import BaseCommand, CommandError

from tellerdesk.rotation.digest import rotate_digest
from tellerdesk.rotation.errors import RotationRefused
from tellerdesk.rotation.master import rotate_master
from tellerdesk.rotation.seal import rotate_seal

MASTER, SEAL, DIGEST = "master", "seal", "digest"


class Command(BaseCommand):
    requires_system_checks = []
    help = "Changes a key while the bank works; run it again after any end (docs/operations.md)."

    def add_arguments(self, parser):
        parser.add_argument("which", choices=[MASTER, SEAL, DIGEST])
        parser.add_argument("--reseal", action="store_true", help="seal: also what is sealed already, chunk by chunk")
        parser.add_argument("--go-on", action="store_true", help="seal --reseal: with the newest key, without another")

    def handle(self, *, which, reseal, go_on, **options):
        if (reseal or go_on) and which != SEAL or go_on and not reseal:
            raise CommandError("--reseal goes with seal, --go-on with seal --reseal")
        try:
            if which == MASTER:
                rotate_master(self.tell)
            elif which == SEAL:
                rotate_seal(self.tell, reseal=reseal, new_key=not go_on)
            else:
                rotate_digest(self.tell)
        except RotationRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def tell(self, step: str) -> None:
        self.stdout.write(step)
        self.stdout.flush()
