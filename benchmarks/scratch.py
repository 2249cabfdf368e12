"""A database that lives as long as the run, or is kept for the next, on the server that the site itself would use."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from psycopg2 import sql

from tellerdesk.core import local_postgres

DAY = "2026-11-24"
PATIENCE = 30  # seconds for a run that was told to end


@contextmanager
def database(kept: str | None = None) -> Iterator[dict[str, str]]:
    """The environment in which DATABASE_URL points to it. One that is `kept` under a name is found again by it."""
    embedded = local_postgres.is_wanted()
    if embedded:
        local_postgres.ensure_running()
    address = os.environ.get("DATABASE_URL") or local_postgres.address()
    name = f"tellerdesk_bench_{kept or os.getpid()}"
    ours = named(address, name)
    try:
        if not _is_there(address, name):
            _on_server(address, "CREATE DATABASE {} TEMPLATE template0", name)
        yield {"TELLERDESK_BUSINESS_DATE": DAY} | os.environ | {"DATABASE_URL": ours, "DATABASE_DIRECT_URL": ours}
    finally:
        if not kept:
            _on_server(address, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
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


def _is_there(address: str, name: str) -> bool:
    with closing(connect(named(address, "postgres"))) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _on_server(address: str, text: str, name: str) -> None:
    with closing(connect(named(address, "postgres"))) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql.SQL(text).format(sql.Identifier(name)))
