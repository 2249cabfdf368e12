"""A real streaming replica of the server that runs the tests: a base backup of it on a second server.

Tests name the database "replica" beside the others.
"""

import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections

from tellerdesk.core import local_postgres
from tellerdesk.core.database_roles import OWNER
from tellerdesk.core.embedded import binaries, cluster, places, process

PATIENCE = 60


@dataclass
class Streaming:
    """`owner` is a session of the replica's superuser, who pauses the replay."""

    home: Path
    programs: Path
    user: object
    owner: object = None

    @property
    def socket(self) -> Path:
        return self.home / "socket"

    def start(self) -> None:
        server = process.launch(self.home, self.programs, self.user)
        if not process.await_ready(self.home / "cluster", lambda: server.poll() is None, PATIENCE):
            raise local_postgres.NotStarted(process.last_words(self.home))
        self.server = server

    def stop(self) -> None:
        if self.owner:
            self.owner.close()
            self.owner = None
        process.signal_and_await_end(self.home / "cluster", 3, PATIENCE)  # SIGQUIT: whoever is connected is cut off
        self.server.wait()

    def settings(self, **changed) -> dict:
        return connections[OWNER].settings_dict | {"HOST": str(self.socket)} | changed

    def say(self, statement: str) -> tuple:
        if self.owner is None:
            self.owner = connections[OWNER].copy()
            self.owner.settings_dict = self.settings()
        with self.owner.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()

    def catch_up(self) -> None:
        """All that is committed by now is replayed when it returns."""
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_insert_lsn()::text, pg_switch_wal()")  # sends the last record off
            written = cursor.fetchone()[0]
        give_up = time.monotonic() + PATIENCE
        while not self.say(f"SELECT coalesce(pg_last_wal_replay_lsn() >= '{written}', false)")[0]:
            assert time.monotonic() < give_up
            time.sleep(0.02)

    @contextmanager
    def paused(self):
        self.say("SELECT pg_wal_replay_pause()")
        while self.say("SELECT pg_get_wal_replay_pause_state()")[0] != "paused":
            time.sleep(0.02)
        try:
            yield
        finally:
            self.say("SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def streaming(django_db_setup, django_db_blocker):
    if not local_postgres.is_wanted():
        pytest.skip("a replica is made of the embedded server only")
    data = local_postgres.data_folder()
    user = places.server_user(data)
    home = Path(tempfile.mkdtemp(prefix="td-", dir="/tmp"))
    if user:
        shutil.chown(home, user.pw_uid, user.pw_gid)
    programs = binaries.find(cluster.version(local_postgres.home() / "cluster"))
    if not places.reaches(user, programs / "postgres"):
        programs = binaries.copy_into(local_postgres.home(), programs)
    found = Streaming(home, programs, user)
    with django_db_blocker.unblock():
        try:
            back_up(found, data)
            found.start()
            connections.settings["replica"] = found.settings(OPTIONS={"options": "-c role=tellerdesk_app"})
            yield found
        finally:
            connections.settings.pop("replica", None)
            found.stop()
            shutil.rmtree(home)


def back_up(made: Streaming, data: Path) -> None:
    cluster.make_folders(data, made.home, made.user)
    made.socket.mkdir(mode=0o700, exist_ok=True)
    if made.user:
        shutil.chown(made.socket, made.user.pw_uid, made.user.pw_gid)
    source = ["-h", places.socket_folder(data), "-p", str(places.PORT), "-U", cluster.OWNER]
    how = ["-D", made.home / "cluster", "-R", "-c", "fast", "--no-sync"]
    backed = subprocess.run(
        [made.programs / "pg_basebackup", *source, *how], capture_output=True, **cluster.run_as(made.user)
    )
    assert backed.returncode == 0, backed.stderr
    cluster.configure(made.home, made.socket, made.user)


@pytest.fixture
def replica(streaming, transactional_db):
    """Caught up with what is there, and read from."""
    streaming.catch_up()
    yield streaming
    connections["replica"].close()
