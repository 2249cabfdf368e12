"""Everybody reads back what he wrote: where the primary's log stood after a person's last write, in a row of his own.

A row and not the login's session, so that it holds for all his logins and tokens, and in every process of the site.
Without a replica nothing is noted and nothing asked.
"""

from contextlib import nullcontext
from functools import wraps

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from tellerdesk.core import replicas

SAFE = ("GET", "HEAD", "OPTIONS")
READING = ("select", "savepoint", "release", "rollback", "set", "show")
# The position is taken under the row's lock, so it never falls back where two requests of a person end together.
NOTE = """
INSERT INTO staff_lastwrite (staff_id, log_position, at) VALUES (%s, pg_current_wal_insert_lsn() - '0/0', now())
ON CONFLICT (staff_id) DO UPDATE SET log_position = pg_current_wal_insert_lsn() - '0/0', at = now()
"""
# A replica that lags no more than it may has all that is older.
STANDING = """
SELECT pg_current_wal_flush_lsn() - '0/0', clock_timestamp(),
  (SELECT log_position FROM staff_lastwrite WHERE staff_id = %s AND at > now() - make_interval(secs => %s))
"""


class OwnWritesMiddleware:
    """After a request that wrote: notes where the log stands. The session's own row is nobody's write."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        noticed = Noticed()
        watch = connections[DEFAULT_DB_ALIAS].execute_wrapper(noticed) if replicas.is_set() else nullcontext()
        with watch:
            response = self.get_response(request)
        if noticed.wrote and request.user.is_authenticated:
            note(request.user)
        return response


class Noticed:
    """A statement that may have written, as an execute_wrapper of Django."""

    def __init__(self):
        self.wrote = False

    def __call__(self, execute, statement, params, many, context):
        words = str(statement).split(None, 1)
        if words and words[0].lower() not in READING and "django_session" not in str(statement):
            self.wrote = True
        return execute(statement, params, many, context)


def note(staff) -> None:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(NOTE, [staff.pk])


def from_replica(view):
    """For pages that only read. `GET` alone, unless the view is one of `sheets_from_replica`.

    Where the replica fails in the middle, the page is read once more, from the primary.
    """
    return _read_there(view, SAFE)


def sheets_from_replica(view):
    """For exports, which come by POST: rows from the replica, their event goes to the primary."""
    return _read_there(view, (*SAFE, "POST"))


def _read_there(view, methods: tuple[str, ...]):
    @wraps(view)
    def read(request, *args, **kwargs):
        if request.method not in methods or not replicas.is_set() or not _is_current(request.user):
            return view(request, *args, **kwargs)
        try:
            with replicas.reading():
                return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if not replicas.broke():
                raise
            replicas.leave_alone(type(error).__name__)
        return view(request, *args, **kwargs)

    return read


def _is_current(staff) -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(STANDING, [staff.pk, settings.REPLICA_MAY_LAG])
        written, now, own = cursor.fetchone()
    return replicas.is_current(written=written, now=now, own=own)
