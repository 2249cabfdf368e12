"""Limits of the counter that are the bank's policy (page 9002)."""

from datetime import timedelta

from customers.limits import (
    CHECKS_PER_MINUTE,
    EXPIRING_WITHIN,
    EXPIRY_GRACE_DAYS,
    KEPT_REJECTS,
    KEPT_UPLOADS,
    LARGEST_IMAGE,
    LARGEST_UPLOAD,
)
from tellerdesk.files.retention import Kept
from tellerdesk.limits.selectors import value, values


def grace_days(legal_entity_id: int) -> int:
    """After the last day of validity, before suspension is proposed."""
    return value(EXPIRY_GRACE_DAYS, legal_entity_id)


def largest_image(legal_entity_id: int) -> int:
    """Bytes of one uploaded scan."""
    return value(LARGEST_IMAGE, legal_entity_id) * 1024**2


def expiring_days(legal_entity_id: int) -> int:
    """Before the last day of validity, from when a document is said to expire soon."""
    return value(EXPIRING_WITHIN, legal_entity_id)


def checks_per_minute(legal_entity_id: int) -> int:
    """Of one teller."""
    return value(CHECKS_PER_MINUTE, legal_entity_id)


def largest_upload(legal_entity_id: int) -> int:
    """Bytes of one customer file."""
    return value(LARGEST_UPLOAD, legal_entity_id) * 1024**2


def kept_files(legal_entity_id: int) -> Kept:
    """Of runs that are over."""
    days = values(legal_entity_id, KEPT_UPLOADS, KEPT_REJECTS)
    return Kept(timedelta(days=days[KEPT_UPLOADS]), timedelta(days=days[KEPT_REJECTS]))
