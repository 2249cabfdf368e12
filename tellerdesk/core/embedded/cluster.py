"""One PostgreSQL cluster on disk: its folders, its first making, its settings."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from tellerdesk.core.embedded import NotStarted, memory, places

OWNER = "tellerdesk_owner"
DATABASE = "tellerdesk"

# Statements carry what was typed at the counter, and so do the details of errors ("Key (…)=(…) already exists").
SETTINGS = """\
# Written at every start; own settings go into postgresql.conf, below the include.
listen_addresses = ''
unix_socket_permissions = 0700
log_statement = none
log_min_duration_statement = -1
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
logging_collector = on
log_filename = 'postgres-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] '
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
"""


def version(cluster: Path) -> str | None:
    file = cluster / "PG_VERSION"
    return file.read_text(encoding="ascii").strip() if file.exists() else None


def make_folders(data: Path, home: Path, user: pwd.struct_passwd | None) -> None:
    """Only the data folder itself is opened, and only for passing through; what is above it stays as it is."""
    if (note := data / places.NOTE).exists() and not (home / "cluster").exists():
        raise NotStarted(f"The database was in {home} and is gone. Bring it back, or remove {note} to start empty.")
    if user and home.parent == data and not places.may_enter(user, data):
        data.chmod(0o711)
    for folder in (home, home / "log", places.socket_folder(data)):
        _make_private(folder, user)


def make(home: Path, binaries: Path, user: pwd.struct_passwd | None) -> None:
    """Made beside its place and moved there when whole, so that a first start that is killed leaves no half cluster.

    C.UTF-8 and not C, in which trigrams of Chinese are silently none.
    """
    cluster, draft = home / "cluster", home / "cluster.new"
    if cluster.exists():
        return
    shutil.rmtree(draft, ignore_errors=True)
    how = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    _run([binaries / "initdb", "-D", draft, "-U", OWNER, *how], user)
    said = _run([binaries / "postgres", "--single", "-D", draft, "postgres"], user, f"CREATE DATABASE {DATABASE}\n")
    if "ERROR" in said:
        raise NotStarted(said)
    with open(draft / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write("\ninclude 'tellerdesk.conf'\n")
    draft.rename(cluster)


def configure(home: Path, socket: Path, user: pwd.struct_passwd | None) -> None:
    file = home / "cluster" / "tellerdesk.conf"
    folders = f"unix_socket_directories = {_quoted(_listed(socket))}\nlog_directory = {_quoted(home / 'log')}\n"
    file.write_text(SETTINGS + memory.settings() + folders, encoding="utf-8")
    file.chmod(0o600)
    if user:
        os.chown(file, user.pw_uid, user.pw_gid)


def run_as(user: pwd.struct_passwd | None) -> dict:
    """For subprocess: as that user, in a folder that everybody can enter, without the settings of this shell."""
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {"cwd": "/", "env": environment, **who}


def _make_private(folder: Path, user: pwd.struct_passwd | None) -> None:
    owner = user.pw_uid if user else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid, follow_symlinks=False)
    except FileExistsError:
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise NotStarted(f"{folder} belongs to somebody else; remove it or set TELLERDESK_DATA.") from None


def _run(command: list, user: pwd.struct_passwd | None, typed: str = "") -> str:
    done = subprocess.run(
        command, input=typed.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **run_as(user)
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise NotStarted(f"{Path(command[0]).name} failed:\n{said}")
    return said


def _quoted(value) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"


def _listed(path: Path) -> str:
    """One element of a list of folders, whatever characters are in it."""
    return '"' + str(path).replace('"', '""') + '"'
