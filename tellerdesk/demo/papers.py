"""Document numbers that satisfy every rule and belong to nobody by intention, with periods as the law gives them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from customers.enums import DocumentType, Sex
from customers.rules.check_digits import icao, mod_11_2
from customers.rules.countries import find_country
from customers.rules.validity import TEMPORARY_ID_DAYS, card_valid_until
from tellerdesk.core.ages import years_after
from tellerdesk.demo.places import digits

IMMIGRATION = "中华人民共和国国家移民管理局"
PERMIT_YEARS, PASSPORT_YEARS, TEMPORARY_DAYS = 5, 10, TEMPORARY_ID_DAYS - 3


@dataclass(frozen=True)
class Paper:
    """A document as it lies on the counter."""

    document_type: str
    document_number: str
    valid_from: date | None = None
    valid_until: date | None = None
    long_term: bool = False
    issuing_authority: str = ""


class Numbers:
    """Gives every number once. `answer` in `citizen` is the sequence that the simulated check answers by."""

    def __init__(self, chance: Random):
        self.chance = chance
        self.given: set[str] = set()

    def citizen(self, county: str, born: date, sex: str, answer: int | None = None) -> str:
        return self._once(lambda: with_check(f"{county}{born:%Y%m%d}{self._sequence(sex, answer)}"))

    def permanent_resident(self, nationality: str, born: date, sex: str) -> str:
        country = find_country(nationality)
        return self._once(lambda: with_check(f"933{country.numeric}{born:%Y%m%d}{self._sequence(sex)}"))

    def former_permanent_resident(self, nationality: str, born: date, sex: str) -> str:
        return self._once(lambda: self._former_card(f"{nationality}3301{born:%y%m%d}", sex))

    def shaped(self, shape: str) -> str:
        """`#` stands for a digit."""
        return self._once(lambda: "".join(digits(self.chance, 1) if c == "#" else c for c in shape))

    def _former_card(self, beginning: str, sex: str) -> str:
        body = beginning + self.chance.choice("13579" if sex == Sex.MALE else "02468")
        return body + icao(body)

    def _sequence(self, sex: str, answer: int | None = None) -> str:
        """Odd for men; the simulator's own sequences from 900 on are left out unless one is asked for."""
        return f"{self.chance.randrange(1 if sex == Sex.MALE else 0, 900, 2) if answer is None else answer:03}"

    def _once(self, make) -> str:
        number = make()
        while number in self.given:
            number = make()
        self.given.add(number)
        return number


def with_check(body: str) -> str:
    return body + mod_11_2(body)


def card(number: str, born: date, issued_on: date, authority: str) -> Paper:
    """A resident ID card of the period that the holder's age on the day of issue gives it."""
    until = card_valid_until(born, issued_on)
    return Paper(DocumentType.RESIDENT_ID, number, issued_on, until, until is None, authority)


def temporary_card(number: str, issued_on: date, authority: str) -> Paper:
    until = issued_on + timedelta(days=TEMPORARY_DAYS)
    return Paper(DocumentType.TEMPORARY_RESIDENT_ID, number, issued_on, until, issuing_authority=authority)


def register_page(number: str, authority: str) -> Paper:
    return Paper(DocumentType.HOUSEHOLD_REGISTER, number, long_term=True, issuing_authority=authority)


def booklet(kind: str, number: str, issued_on: date, years: int, authority: str = IMMIGRATION) -> Paper:
    """Passports and permits run out the day before the anniversary of their issue."""
    until = years_after(issued_on, years) - timedelta(days=1)
    return Paper(kind, number, issued_on, until, issuing_authority=authority)
