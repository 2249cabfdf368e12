"""What every kind of sample customer is made from: chance that repeats itself, days that fit, numbers given once."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from random import Random

from customers.enums import CheckDecision, Education, IncomeBand, MaritalStatus, RiskLevel, Sex, TaxResidency
from customers.rules.corroboration import Evidence
from customers.rules.particulars import Particulars
from tellerdesk.core.ages import age_on, years_after
from tellerdesk.demo.papers import Numbers, Paper
from tellerdesk.demo.places import living

RECENT_DAYS = 12  # follow-ups and copies owed are of these last days, so that some are overdue and some are not
COMPARED = Evidence(photo_matches=True)
SUNDAY = 6


@dataclass(frozen=True)
class Sample:
    """One opening: what was entered, the day, and the decision on the check ("" where nothing was to decide)."""

    particulars: Particulars
    opened_on: date
    decision: str = CheckDecision.PROCEED
    evidence: Evidence = COMPARED


@dataclass
class Making:
    """`since` is the first day on which the sample tellers stood at their counters."""

    chance: Random
    today: date
    since: date
    numbers: Numbers = field(init=False)

    def __post_init__(self):
        self.numbers = Numbers(self.chance)

    def sex(self) -> Sex:
        return self.chance.choice((Sex.MALE, Sex.FEMALE))

    def day(self, first: date, last: date) -> date:
        """Any day from `first` to `last`; `last` where there is none between."""
        return last - timedelta(days=self.chance.randint(0, max(0, (last - first).days)))

    def opening_day(self, *, not_before: date | None = None, not_after: date | None = None) -> date:
        """A day before today on which the counter is open, where the span has one."""
        last = min(not_after or self.today, self.today - timedelta(days=1))
        first = min(max(self.since, not_before or self.since), last)
        day = self.day(first, last)
        return day - timedelta(days=1) if day.weekday() == SUNDAY and day > first else day

    def recent_day(self) -> date:
        return self.opening_day(not_before=self.today - timedelta(days=RECENT_DAYS))

    def born(self, youngest: int, oldest: int, *, on: date) -> date:
        """A birth date that makes somebody of `youngest` to `oldest` full years on that day."""
        return self.day(years_after(on, -oldest - 1) + timedelta(days=2), years_after(on, -youngest))

    def particulars(self, paper: Paper, *, name: str, born: date, sex: str, on: date, **further) -> Particulars:
        """With the fields that are not obligatory given for two in three."""
        age = age_on(born, on)
        life = asdict(living(self.chance, age=age, occupation=further.pop("occupation", "")))
        voluntary = self.voluntary(age) if self.chance.random() < 0.67 else {}
        given = {"name": name, "birth_date": born, "sex": sex} | life | voluntary | asdict(paper)
        return Particulars(**(given | further))

    def voluntary(self, age: int) -> dict:
        pick, grown_up = self.chance.choice, age > 21
        return {
            "marital_status": pick((MaritalStatus.MARRIED, MaritalStatus.SINGLE)) if grown_up else MaritalStatus.SINGLE,
            "education": pick(Education.values[2:] if grown_up else Education.values[:1]),
            "income_band": pick(IncomeBand.values[:4]) if age > 18 else "",
            "tax_residency": TaxResidency.CHINA_ONLY,
            "risk_level": self.chance.choices((RiskLevel.LOW, RiskLevel.MEDIUM), (9, 1))[0],
        }
