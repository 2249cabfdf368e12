"""`manage.py serve`: everything from an empty machine to the running site, and back down in order."""

import os
import signal
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from tellerdesk import demo, reference
from tellerdesk.core import kept_secrets, local_postgres, ports
from tellerdesk.core.database_roles import prepare_database
from tellerdesk.core.processes import Child
from tellerdesk.core.static_files import collect_when_changed
from tellerdesk.production import refuse_unfit
from tellerdesk.staff.models import Posting, Staff

HOST = "127.0.0.1"
SITE_MAY_TAKE = 60  # seconds until it answers
SITE_MAY_FINISH = 15
TASK_MAY_FINISH = 30
LONGEST_PAUSE = 30
DOOR = "teller"  # the sample account whose password stands for all
MOST_ACCOUNTS = 30


class SiteEnded(Exception):
    pass


class Told(KeyboardInterrupt):
    """Ctrl-C or SIGTERM: not an Exception, so that nothing on the way takes it for a failure of its own."""


def serve(*, port: int, say) -> None:
    """Blocks until it is told to stop. Raises Unfit, PortTaken, NotStarted, NeedsAdministrator, SiteEnded."""
    refuse_unfit()
    listen_to_signals()
    ports.await_free(HOST, port, say)
    site, worker = children(port)
    try:
        prepare(say)
        site.start()
        worker.start()
        await_answer(site, port)
        announce(port, say)
        watch(site, worker, say)
    except Told:
        say(_("Stopping."))
    finally:
        be_deaf()
        site.stop(SITE_MAY_FINISH)
        worker.stop(TASK_MAY_FINISH)
        connections.close_all()
        local_postgres.stop()


def listen_to_signals() -> None:
    def told(number, frame):
        raise Told

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)


def be_deaf() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def prepare(say) -> None:
    """All of it is safe to repeat; at a second start it takes a second or two."""
    if local_postgres.is_wanted():
        say(_("Starting the database."))
        local_postgres.ensure_running()
    say(_("Bringing the tables up to date."))
    prepare_database(verbosity=0)
    reference.load()
    if os.environ.get("DEMO") != "0":
        load_samples(say)
    collect_when_changed()
    connections.close_all()


def load_samples(say) -> None:
    """Once; the first start may have been killed on the way."""
    if Staff.objects.exists():
        demo.finish()
    else:
        say(_("Writing sample data; this is done once."))
        demo.load()


def children(port: int) -> tuple[Child, Child]:
    manage = str(settings.BASE_DIR / "manage.py")
    gunicorn = [
        *("-m", "gunicorn", "tellerdesk.wsgi", "--chdir", str(settings.BASE_DIR), "--bind", f"{HOST}:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"),
        *("--graceful-timeout", "10", "--timeout", "120", "--log-level", "warning"),
    ]
    return (
        Child("site", [sys.executable, *gunicorn], at_our_death=signal.SIGTERM),
        Child("worker", [sys.executable, manage, "worker"], at_our_death=signal.SIGKILL),
    )


def await_answer(site: Child, port: int) -> None:
    give_up = time.monotonic() + SITE_MAY_TAKE
    while not answers(port):
        if site.exit_code is not None or time.monotonic() > give_up:
            raise SiteEnded(_("The site did not start; what it said stands above."))
        time.sleep(0.1)


def answers(port: int) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=10) as answer:
        return answer.status == 200
    return False


def watch(site: Child, worker: Child, say) -> None:
    """A dead worker or database is started again; without the site there is nothing left to do."""
    pause = 1
    while site.exit_code is None:
        if local_postgres.is_wanted() and not local_postgres.is_running():
            say(_("The database ended; starting it again."))
            local_postgres.ensure_running()
        if worker.exit_code is not None and time.monotonic() > worker.started_at + pause:
            pause = 1 if time.monotonic() > worker.started_at + LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
            say(_("The background worker ended; starting it again."))
            worker.start()
        time.sleep(0.5)
    raise SiteEnded(_("The site ended by itself; what it said stands above."))


def announce(port: int, say) -> None:
    say("")
    say(_("tellerdesk runs at %(address)s") % {"address": f"http://{HOST}:{port}/"})
    say(_("Data: %(place)s") % {"place": where_data_live()})
    for line in sample_accounts():
        say(line)
    say(_("Ctrl-C stops the site, the worker and the database."))


def where_data_live() -> str:
    folder: Path = settings.DATA_FOLDER
    if not local_postgres.is_wanted():
        return _("in the database of DATABASE_URL; keys and files in %(folder)s") % {"folder": folder}
    home = local_postgres.home()
    return str(folder) if home.is_relative_to(folder) else f"{folder}, {home}"


def sample_accounts() -> list[str]:
    """The oldest accounts, which are the sample ones where there are any."""
    if os.environ.get("DEMO") == "0" or not (teller := Staff.objects.filter(username=DOOR).first()):
        return []
    postings = Posting.objects.select_related("staff", "branch").order_by("pk")[:MOST_ACCOUNTS]
    return [heading(teller), *(line_of(posting) for posting in postings)]


def line_of(posting: Posting) -> str:
    return f"  {posting.staff.username:<12} {posting.branch.code}  {posting.get_position_display()}"


def heading(teller: Staff) -> str:
    """Without the password where it is another one by now."""
    password = kept_secrets.demo_password()
    if teller.check_password(password):
        return _("Sample accounts, password %(password)s:") % {"password": password}
    return _("Sample accounts; their password was set at an earlier start or changed since:")
