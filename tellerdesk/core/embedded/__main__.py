"""`python -m tellerdesk.core.embedded pg_dump …`: a client program of PostgreSQL on the embedded server."""

import os
import subprocess
import sys

from tellerdesk.core import local_postgres
from tellerdesk.core.embedded import binaries, cluster, places


def run(command: list[str]) -> int:
    try:
        local_postgres.ensure_running()
        return subprocess.call(command, env=environment())
    except (local_postgres.NotStarted, FileNotFoundError) as problem:
        sys.exit(str(problem))
    finally:
        local_postgres.stop()


def environment() -> dict:
    """As libpq reads it; the programs of the server's own version come first."""
    programs = binaries.find(cluster.version(local_postgres.home() / "cluster"))
    socket = places.socket_folder(local_postgres.data_folder())
    where = {"PGHOST": str(socket), "PGPORT": str(places.PORT), "PGUSER": cluster.OWNER, "PGDATABASE": cluster.DATABASE}
    return {**os.environ, **where, "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}"}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m tellerdesk.core.embedded PROGRAM [ARGUMENTS], such as pg_dump or psql")
    sys.exit(run(sys.argv[1:]))
