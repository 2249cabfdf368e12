from django.core.management.base import BaseCommand, CommandError

from tellerdesk.audit.verification import verify


class Command(BaseCommand):
    help = (
        "Checks the audit chains, and every sealed record against its last event. Exits 1 with the first fault found."
    )

    def handle(self, *args, **options):
        verdict = verify(progress=lambda step: self.stderr.write(f"… {step}"))
        for fault in verdict.faults:
            self.stdout.write(f"{fault.where}  event {fault.event_id or '-'}  {fault.kind}")
        if verdict.faults:
            raise CommandError(f"broken at {verdict.faults[0].where}: {verdict.faults[0].kind}", returncode=1)
        self.stdout.write(f"the audit chain holds: {verdict.events} events in {verdict.chains} chains")
