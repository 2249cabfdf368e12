"""Customers on a day as hypothesis makes them: at every limit, a fen below it and a fen above it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tellerdesk.core.ages import age_on
from tests.tiering.rules.policies import STANDARD
from tiering.enums import CardLevel, Reason
from tiering.rules.evaluation import Facts
from tiering.rules.policy import Policy

BRANCHES = (11, 12, 13)
# Leap day, the days around it in a common year, an ordinary one.
DAYS = (date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 11, 24))
LIMITS = tuple(
    sorted({band.floor for band in STANDARD.bands} | {band.ceiling for band in STANDARD.bands if band.ceiling})
)
ADMISSIONS = (
    0,
    int(Reason.ADMISSION_PRIVATE_WEALTH),
    int(Reason.ADMISSION_WEALTH_MANAGEMENT),
    int(Reason.ADMISSION_PRIVATE_WEALTH | Reason.ADMISSION_WEALTH_MANAGEMENT),
)


def _strict(policy: Policy) -> Policy:
    """The other side of every switch: ends, age, and a criterion that everybody meets."""
    bands = tuple(
        replace(
            band,
            floor_inclusive=not band.floor_inclusive,
            ceiling_inclusive=not band.ceiling_inclusive,
            max_age_inclusive=not band.max_age_inclusive,
        )
        for band in policy.bands
    )
    return replace(policy, version=2, bands=bands)


STRICT = _strict(STANDARD)
OPEN = replace(STANDARD, version=3, scope=replace(STANDARD.scope, custody_margin=0))


@dataclass(frozen=True)
class Person:
    """A line of the day before a policy has looked at it; None for a figure that was not delivered."""

    branch: int
    aum: int
    birth_date: date | None
    card_spend_year: int | None
    personal_loan_balance: int | None
    custody_margin: int | None
    card_level: CardLevel
    admission: int

    def facts(self, day: date) -> Facts:
        return Facts(
            aum=self.aum,
            age=None if self.birth_date is None else age_on(self.birth_date, day),
            card_spend_year=self.card_spend_year or 0,
            personal_loan_balance=self.personal_loan_balance or 0,
            custody_margin=self.custody_margin or 0,
            card_level=self.card_level,
            admission_private_wealth=bool(self.admission & Reason.ADMISSION_PRIVATE_WEALTH),
            admission_wealth_management=bool(self.admission & Reason.ADMISSION_WEALTH_MANAGEMENT),
        )


def amounts() -> st.SearchStrategy[int]:
    """AUM at every limit and at a tenth below and above it, give or take a fen."""
    edges = [limit * tenths // 10 for limit in LIMITS for tenths in (9, 10, 11)]
    beside = st.builds(int.__add__, st.sampled_from(edges), st.integers(-1, 1))
    return beside | st.integers(-10_000, 300_000_000) | st.sampled_from([0, -1, 10**15])


def figures(limit: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.just(0) | st.integers(limit - 1, limit + 1) | st.integers(-100, 2 * limit)


def birth_dates(day: date) -> st.SearchStrategy[date | None]:
    """Unknown, or somebody who is 60 or 61 that day, the day before, the day after; born on a leap day."""
    birthdays = [date(day.year - years, day.month, min(day.day, 28)) for years in (60, 61, 62)]
    around = st.builds(lambda born, days: born + timedelta(days=days), st.sampled_from(birthdays), st.integers(-2, 2))
    leap_days = st.sampled_from([date(1964, 2, 29), date(1960, 2, 29)])
    return st.none() | around | leap_days | st.dates(date(1920, 1, 1), date(2026, 11, 24))


def people(day: date) -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        branch=st.sampled_from(BRANCHES),
        aum=amounts(),
        birth_date=birth_dates(day),
        card_spend_year=figures(STANDARD.scope.card_spend_year),
        personal_loan_balance=figures(STANDARD.scope.personal_loan_balance),
        custody_margin=figures(STANDARD.scope.custody_margin),
        card_level=st.sampled_from([CardLevel.NONE] * 3 + list(CardLevel)),
        admission=st.sampled_from([0] * 5 + list(ADMISSIONS)),
    )


def days_of_people(customers: int = 12) -> st.SearchStrategy[tuple[date, dict[int, Person]]]:
    """A day and its lines by customer."""
    return st.sampled_from(DAYS).flatmap(
        lambda day: st.tuples(st.just(day), st.dictionaries(st.integers(1, customers), people(day), max_size=customers))
    )
