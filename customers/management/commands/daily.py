from django.core.management.base import BaseCommand

from customers.jobs.propose_suspensions import propose_suspensions


class Command(BaseCommand):
    help = "What the counter does of itself once a day; the worker does it too. Safe to repeat."

    def handle(self, *args, **options):
        done = propose_suspensions()
        self.stdout.write(f"suspensions proposed: {done.proposed}, withdrawn: {done.withdrawn}")
