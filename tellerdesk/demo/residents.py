"""Sample customers with a citizen number who came themselves: one function for each kind."""

from dataclasses import replace
from datetime import date, timedelta

from customers.enums import DocumentType, Occupation, Sex
from customers.rules.corroboration import Evidence
from customers.rules.validity import EXPIRING_DAYS
from tellerdesk.core.ages import years_after
from tellerdesk.demo import places
from tellerdesk.demo.making import Making, Sample
from tellerdesk.demo.names import PEOPLES, han_name, rare_name
from tellerdesk.demo.papers import Paper, card, temporary_card

GROWN = 16
HAN = "汉族"
CARD_AGE = 9  # the oldest card shown at an opening, in years
MILITARY_YEARS = 8


def resident(
    making: Making, ages=(18, 59), *, on: date | None = None, answer: int | None = None, name="", **further
) -> Sample:
    """A citizen with a card that is good today. `answer` is the simulator's sequence, `on` the day of opening."""
    sex = sex_for(making, answer)
    born = making.born(*ages, on=making.today)
    on = on or making.opening_day(not_before=years_after(born, GROWN))
    county = county_of(making, born)
    number = making.numbers.citizen(county, born, sex, answer)
    entered = making.particulars(
        good_card(making, number, born, on, county),
        name=name or han_name(making.chance, sex),
        born=born,
        sex=sex,
        on=on,
        **({"ethnic_group": HAN if making.chance.random() < 0.5 else ""} | further),
    )
    return Sample(entered, on)


def sex_for(making: Making, answer: int | None) -> Sex:
    if answer is None:
        return making.sex()
    return Sex.MALE if answer % 2 else Sex.FEMALE


def county_of(making: Making, born: date) -> str:
    """Where the number was first given; the older half knows counties that are no more."""
    place = making.chance.random()
    if place < 0.08 and born.year < 1985:
        return making.chance.choice(places.OLD_COUNTIES)
    return making.chance.choice(places.FAR_COUNTIES if place < 0.25 else places.HOME_COUNTIES)


def good_card(making: Making, number: str, born: date, on: date, county: str) -> Paper:
    """Issued some years before the opening if it then is good beyond the next three months, else on the day itself."""
    authority, enough = places.police_of(county), making.today + timedelta(days=EXPIRING_DAYS)
    issued_on = making.day(max(years_after(born, GROWN), years_after(on, -CARD_AGE)), on)
    paper = card(number, born, issued_on, authority)
    return paper if paper.long_term or paper.valid_until > enough else card(number, born, on, authority)


def over_sixty(making: Making) -> Sample:
    return resident(making, (60, 94))


def of_another_people(making: Making) -> Sample:
    people = making.chance.choice(PEOPLES)
    found = resident(making, (18, 70), ethnic_group=people.group)
    entered = found.particulars
    county = making.chance.choice(people.counties)
    number = making.numbers.citizen(county, entered.birth_date, entered.sex)
    name = making.chance.choice(people.names[entered.sex])
    authority = places.police_of(county)
    return replace(found, particulars=replace(entered, name=name, document_number=number, issuing_authority=authority))


def with_rare_name(making: Making) -> Sample:
    return resident(making, name=rare_name(making.chance))


def with_cheque_account(making: Making) -> Sample:
    return resident(making, (25, 70), has_cheque_account=True)


def expiring(making: Making) -> Sample:
    return running_out(making, making.today + timedelta(days=making.chance.randint(0, EXPIRING_DAYS)))


def expired(making: Making) -> Sample:
    return running_out(making, making.today - timedelta(days=making.chance.randint(1, 400)))


def running_out(making: Making, last_day: date) -> Sample:
    """A ten-year card, issued between 16 and 25; the customer came while it was good."""
    issued_on = years_after(last_day, -10)
    sex, born = making.sex(), making.born(GROWN + 1, 24, on=issued_on)
    county = county_of(making, born)
    paper = card(making.numbers.citizen(county, born, sex), born, issued_on, places.police_of(county))
    on = making.opening_day(not_before=issued_on, not_after=paper.valid_until)
    name = han_name(making.chance, sex)
    return Sample(making.particulars(paper, name=name, born=born, sex=sex, on=on), on)


def with_temporary_card(making: Making) -> Sample:
    found = resident(making, (18, 50), on=making.opening_day(not_before=making.today - timedelta(days=30)))
    issued_on = found.opened_on - timedelta(days=making.chance.randint(0, 10))
    entered = found.particulars
    return presenting(found, temporary_card(entered.document_number, issued_on, entered.issuing_authority))


def presenting(sample: Sample, paper: Paper, **further) -> Sample:
    """The same person with another document."""
    return replace(sample, particulars=replace(sample.particulars, **vars(paper)), **further)


def serviceman(making: Making) -> Sample:
    found = resident(making, (20, 45), occupation=Occupation.MILITARY, unit_proof=True)
    number = making.numbers.shaped(f"{making.chance.choice('军政参后装')}字第######号")
    issued_on = making.day(years_after(found.opened_on, -2), found.opened_on)
    until, unit = years_after(issued_on, MILITARY_YEARS), "示例部队政治工作部"
    paper = Paper(DocumentType.MILITARY_ID, number, issued_on, until, issuing_authority=unit)
    return presenting(found, paper, decision="", evidence=Evidence())
