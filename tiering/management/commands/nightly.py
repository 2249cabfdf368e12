import hashlib
import os
import sys
from datetime import date
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tellerdesk.core.errors import FieldErrors
from tellerdesk.files.rejects import hand_out_rejects
from tellerdesk.files.runs import RunStatus
from tellerdesk.staff.models import LegalEntity
from tellerdesk.staff.system import System
from tiering.jobs.nightly import run_night
from tiering.management.terminal_bar import TerminalBar
from tiering.models import NightlyRun
from tiering.selectors.runs import error_of
from tiering.services.nights import check_day


class Command(BaseCommand):
    requires_system_checks = []
    help = "Loads the snapshot file of a day, then assigns tiers and owners. Safe to run again after any end."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="DAY", help="YYYY-MM-DD")
        parser.add_argument("--legal-entity", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and keep nothing of it")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where the rejected lines go, in clear")

    def handle(self, *, file, as_of, legal_entity, dry_run, rejects, **options):
        run = prepared(file, as_of, legal_entity, dry_run)
        with TerminalBar(sys.stderr) as bar:
            run = run_night(run.pk, source=partial(open, file, "rb"), progress=bar.show)
        if rejects and run.rejects_stored:
            save_rejects(run, rejects)
        if run.status != RunStatus.SUCCEEDED:
            raise CommandError(f"{run.error_code}: {error_of(run)['message']}")
        self.stdout.write(report(run))


def prepared(file: Path, as_of: date, code: str, dry_run: bool) -> NightlyRun:
    """Raises CommandError where there is nothing to begin with."""
    entity = LegalEntity.objects.filter(code=code).first()
    if entity is None:
        raise CommandError(_("There is no legal entity %(code)s.") % {"code": code})
    try:
        check_day(as_of)
        sha256 = digest_of(file)
    except FieldErrors as refusal:
        raise CommandError("; ".join(str(text) for _code, text in refusal.errors["as_of"])) from refusal
    except OSError as problem:
        raise CommandError(f"{file}: {problem.strerror}") from problem
    return NightlyRun.objects.create(
        legal_entity=entity,
        as_of=as_of,
        file_name=file.name[:255],
        file_size=file.stat().st_size,
        file_sha256=sha256,
        dry_run=dry_run,
    )


def digest_of(file: Path) -> str:
    with open(file, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def save_rejects(run: NightlyRun, path: Path) -> None:
    """Readable by nobody else, also where the file was there before. Raises CommandError."""
    pieces = hand_out_rejects(run=run, by=System(run.legal_entity))
    try:
        with open(path, "wb", opener=private) as out:
            os.fchmod(out.fileno(), 0o600)
            out.writelines(pieces or ())
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror}") from problem


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def report(run: NightlyRun) -> str:
    """One line for whoever reads the log of the night."""
    names = ("rows", "accepted", "rejected", "changed", "missing", "moved_up", "moved_down", "assigned", "unowned")
    counts = ", ".join(f"{name} {getattr(run, name)}" for name in names)
    codes = ", ".join(f"{code} {count}" for code, count in run.rejects_by_code.items())
    return f"{run.as_of}: {counts}" + (f" ({codes})" if codes else "") + (" (dry run)" if run.dry_run else "")
