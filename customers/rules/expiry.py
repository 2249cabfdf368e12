"""How long an expired document is tolerated, and when suspension is proposed (rules 1.5)."""

from datetime import date, timedelta

WINDOWS = (7, 30, 90)  # days before the last day of validity
LONGEST_POSTPONEMENT = 366  # days from the day it is granted
EXPIRED_DOCUMENT = "document_expired"  # the reason of a proposal of the system, by code: it is read in two languages


def grace_ends(valid_until: date, *, grace_days: int, postponed_until: date | None = None) -> date:
    """The last day on which nothing is proposed; the last day of validity itself is not one of the days of grace."""
    try:
        end = valid_until + timedelta(days=grace_days)
    except OverflowError:
        end = date.max
    return max(end, postponed_until) if postponed_until else end


def suspension_is_due(
    valid_until: date | None, *, today: date, grace_days: int, postponed_until: date | None = None
) -> bool:
    if valid_until is None:
        return False
    return today > grace_ends(valid_until, grace_days=grace_days, postponed_until=postponed_until)


def postponement_problem(until: date, *, valid_until: date | None, today: date) -> str | None:
    """A ground is given for a document that has expired, to a day to come and not for years."""
    if valid_until is None or today <= valid_until:
        return "not_expired"
    if until <= today:
        return "not_to_come"
    return "too_far" if (until - today).days > LONGEST_POSTPONEMENT else None
