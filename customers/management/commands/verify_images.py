from django.core.management.base import BaseCommand, CommandError

from customers.models import DocumentImage
from tellerdesk.files.contents import content_fault


class Command(BaseCommand):
    help = "Reads every scan and compares it with the name it is kept under. Exits 1 where one is gone or changed."

    def handle(self, *args, **options):
        names = DocumentImage.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
        checked, faults = 0, 0
        for name in names.iterator():
            checked += 1
            fault = content_fault(name)
            if fault:
                faults += 1
                images = DocumentImage.objects.filter(sha256=name).values_list("pk", flat=True)
                self.stdout.write(f"{name}  {fault}  images {', '.join(map(str, images))}")
        if faults:
            raise CommandError(f"{faults} of {checked} scans are gone or changed", returncode=1)
        self.stdout.write(f"every scan is there and unchanged: {checked}")
