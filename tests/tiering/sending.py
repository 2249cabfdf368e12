"""Snapshot files as people and programs send them, and the worker's part done here."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tiering.jobs.nightly import run_night
from tiering.models import NightlyRun

DAY = date(2026, 11, 23)
URL = "/api/v1/tiering/snapshots/"
PAGE = "/tiering/runs/"


def upload(*lines: str, name: str = "snapshot.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "".join(f"{line}\r\n" for line in lines).encode(), "text/csv")


def send(client: Client, *lines: str, address: str = URL, as_of: date = DAY, **fields):
    """The answer to the upload."""
    return client.post(address, {"file": upload(*lines), "as_of": as_of.isoformat(), **fields})


def work() -> None:
    """What waits is done, the oldest first."""
    for pk in NightlyRun.objects.filter(status="queued").order_by("pk").values_list("pk", flat=True):
        run_night(pk)


def loaded(client: Client, *lines: str, **fields) -> dict:
    """The run as the interface tells it, once it is over."""
    sent = send(client, *lines, **fields).json()
    work()
    return client.get(f"/api/v1/tiering/runs/{sent['id']}/").json()
