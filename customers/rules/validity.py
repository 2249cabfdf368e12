"""Periods of validity: what the law gives an identity card, and when a document counts as expired (rules 1.5, 2.6)."""

from collections.abc import Iterator
from datetime import date

from customers.enums import DocumentType, Expiry
from tellerdesk.core.ages import age_on, years_after

EXPIRING_DAYS = 90
TEMPORARY_ID_DAYS = 93  # three months at their longest
YEARS_BY_AGE = (
    (16, 5),
    (26, 10),
    (46, 20),
)  # below that age on the day of issue: that many years; from the last on: long-term
WITHOUT_VALIDITY = frozenset({DocumentType.HOUSEHOLD_REGISTER, DocumentType.OTHER})


def card_valid_until(birth_date: date, issued_on: date) -> date | None:
    """Of a resident ID card by the holder's age on the day of issue (居民身份证法 art. 5); None is long-term."""
    age = age_on(birth_date, issued_on)
    years = next((years for limit, years in YEARS_BY_AGE if age < limit), None)
    return years_after(issued_on, years) if years else None


def expiry(valid_until: date | None, *, today: date, expiring_days: int = EXPIRING_DAYS) -> Expiry:
    """The last day itself is still valid."""
    if valid_until is None:
        return Expiry.VALID
    if today > valid_until:
        return Expiry.EXPIRED
    return Expiry.EXPIRING if (valid_until - today).days <= expiring_days else Expiry.VALID


def is_expired(valid_until: date | None, *, today: date) -> bool:
    return expiry(valid_until, today=today) == Expiry.EXPIRED


def period_problems(
    document_type: str, valid_from: date | None, valid_until: date | None, long_term: bool, *, today: date
) -> Iterator[tuple[str, str]]:
    """Long-term has no last day, anything else has one; a household register has no period at all."""
    must_have = not long_term and document_type not in WITHOUT_VALIDITY
    if long_term and valid_until:
        yield "long_term", "long_term_with_date"
    if must_have and not valid_from:
        yield "valid_from", "required"
    if must_have and not valid_until:
        yield "valid_until", "required"
    if valid_from and valid_from > today:
        yield "valid_from", "not_yet_valid"
    if valid_from and valid_until and valid_until <= valid_from:
        yield "valid_until", "period_reversed"


def is_unusual_period(
    document_type: str, birth_date: date | None, valid_from: date | None, valid_until: date | None
) -> bool:
    """A period to look at again, never a ground to refuse."""
    if not valid_from or not birth_date:
        return False
    if document_type == DocumentType.RESIDENT_ID:
        return valid_until != card_valid_until(birth_date, valid_from)
    if document_type == DocumentType.TEMPORARY_RESIDENT_ID:
        return valid_until is None or (valid_until - valid_from).days > TEMPORARY_ID_DAYS
    return False
