import time
from pathlib import Path

from django_tasks import task


@task()
def wait_for_file(path: str) -> str:
    """Ends when the file is there, a minute at most."""
    give_up = time.monotonic() + 60
    while not Path(path).exists():
        if time.monotonic() > give_up:
            raise TimeoutError(path)
        time.sleep(0.05)
    return "seen"


@task()
def fail_with(text: str) -> None:
    raise ValueError(text)
