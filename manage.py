#!/usr/bin/env python3
"""Django's commands; where DATABASE_URL is not set they find the embedded PostgreSQL running."""

import os
import signal
import sys

from tellerdesk.core import local_postgres

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit("Django is not installed in this Python: `make run` prepares .venv, then use .venv/bin/python manage.py")

# The others are spared the start of a server; `serve` starts it itself and says so.
WITHOUT_DATABASE = {
    *("help", "version", "check", "diffsettings", "spectacular", "serve"),
    *("collectstatic", "findstatic", "makemessages", "compilemessages", "startapp"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tellerdesk.settings")
    if needs_embedded_server(sys.argv[1:]):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            local_postgres.ensure_running()
            execute_from_command_line(sys.argv)
        except local_postgres.NotStarted as problem:
            sys.exit(str(problem))
        finally:
            local_postgres.stop()
    else:
        execute_from_command_line(sys.argv)


def needs_embedded_server(words: list[str]) -> bool:
    if not local_postgres.is_wanted() or not words or {"-h", "--help", "--version"} & set(words):
        return False
    return words[0] not in WITHOUT_DATABASE


if __name__ == "__main__":
    if problem := local_postgres.obstacle():
        sys.exit(problem)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
