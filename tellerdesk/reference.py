"""What every installation needs before its first login; safe to run at every start."""

from tellerdesk.vault.services import ensure_keys
from tiering.reference import load_policy
from training.reference import load_courses


def load() -> None:
    ensure_keys()
    load_courses()
    load_policy()
