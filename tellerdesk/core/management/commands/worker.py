from django.core.management.base import BaseCommand

from tellerdesk.core.task_worker import work
from tellerdesk.keeping import keep_house


class Command(BaseCommand):
    help = "Runs background tasks until it is told to stop (SIGTERM); tasks of workers that died are taken up."

    def add_arguments(self, parser):
        parser.add_argument("--interval", type=float, default=1, help="seconds between two looks at the queue")
        parser.add_argument("--batch", action="store_true", help="end when the queue is empty")

    def handle(self, *, interval, batch, **options):
        work(interval=interval, batch=batch, daily=keep_house)
