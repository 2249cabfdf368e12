"""A database that lives as long as the run, on the server that the site itself would use."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from psycopg2 import sql

from tellerdesk.core import local_postgres

NAME = f"tellerdesk_bench_{os.getpid()}"
DAY = "2026-11-24"
PATIENCE = 30  # seconds for a run that was told to end


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """The environment in which DATABASE_URL points to it."""
    embedded = local_postgres.is_wanted()
    if embedded:
        local_postgres.ensure_running()
    address = os.environ.get("DATABASE_URL") or local_postgres.address()
    ours = named(address, NAME)
    try:
        _on_server(address, "CREATE DATABASE {} TEMPLATE template0")
        yield {"TELLERDESK_BUSINESS_DATE": DAY} | os.environ | {"DATABASE_URL": ours, "DATABASE_DIRECT_URL": ours}
    finally:
        _on_server(address, "DROP DATABASE IF EXISTS {} WITH (FORCE)")
        local_postgres.stop()


def run(command: list[str], environment: dict[str, str]) -> int:
    """Ended in order with us, so that the site stops and the database can be dropped."""
    process = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT))
    try:
        return process.wait()
    except KeyboardInterrupt:
        return process.wait(PATIENCE)


def connect(address: str | None = None):
    """As the owner, past Django."""
    found = environ.Env.db_url_config(address or os.environ["DATABASE_URL"])
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return psycopg2.connect(**{ours: found[theirs] for ours, theirs in names.items() if found[theirs]})


def named(address: str, name: str) -> str:
    """The embedded server's address carries the folder of its socket before the name."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{name}"))


def _on_server(address: str, text: str) -> None:
    connection = connect(named(address, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(text).format(sql.Identifier(NAME)))
    connection.close()
