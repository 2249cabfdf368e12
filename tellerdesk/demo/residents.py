"""Sample customers with a citizen number: one function for each kind."""

from dataclasses import replace
from datetime import date, timedelta

from customers.enums import AgentRelation, CheckDecision, DocumentType, Occupation, Sex
from customers.rules.agents import AgentParticulars
from customers.rules.corroboration import Evidence
from customers.rules.corroboration import Paper as ShownPaper
from customers.rules.validity import EXPIRING_DAYS
from tellerdesk.core.ages import years_after
from tellerdesk.demo import places
from tellerdesk.demo.making import COMPARED, Making, Sample
from tellerdesk.demo.names import PEOPLES, given_name, han_name, rare_name
from tellerdesk.demo.papers import Paper, card, register_page, temporary_card

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


def child_on_the_register(making: Making) -> Sample:
    found = child(making)
    return presenting(found, register_page(found.particulars.document_number, found.particulars.issuing_authority))


def child(making: Making) -> Sample:
    """Under 16 today, opened by a parent in the last year."""
    born = making.born(2, GROWN - 2, on=making.today)
    on = making.opening_day(not_before=max(making.today - timedelta(days=360), born + timedelta(days=60)))
    sex, county = making.sex(), making.chance.choice(places.HOME_COUNTIES)
    number, issued_on = making.numbers.citizen(county, born, sex), max(born, on - timedelta(days=300))
    parent = resident(making, (35, 45), on=on).particulars
    entered = making.particulars(
        card(number, born, issued_on, places.police_of(county)),
        name=parent.name[0] + given_name(making.chance, sex),
        born=born,
        sex=sex,
        on=on,
        mobile=parent.mobile,
        agent=acting(parent, AgentRelation.PARENT, "未成年人开立客户，由父母代办", "户口簿（载明监护关系）"),
    )
    return Sample(entered, on)


def acting(person, relation: str, reason: str, authority: str) -> AgentParticulars:
    return AgentParticulars(
        name=person.name,
        document_type=person.document_type,
        document_number=person.document_number,
        mobile=person.mobile,
        relation=relation,
        reason=reason,
        authority=authority,
    )


def through_an_agent(making: Making, on: date | None = None) -> Sample:
    agent = resident(making, (30, 55)).particulars
    authority = f"授权委托书（样例）第{places.digits(making.chance, 4)}号"
    acted = acting(agent, AgentRelation.CHILD, "本人行动不便，委托子女代办", authority)
    return resident(making, (65, 90), on=on, agent=acted)


def matched_without_photo(making: Making) -> Sample:
    return replace(resident(making, answer=902), evidence=Evidence())


def matched_at_second_try(making: Making) -> Sample:
    return resident(making, answer=906)


def name_differs(making: Making, on: date | None = None) -> Sample:
    """Corroborated by a driving licence that carries the same number."""
    found = resident(making, answer=900, on=on or making.recent_day())
    licence = ShownPaper(DocumentType.DRIVING_LICENCE, found.particulars.document_number, same_name=True)
    return replace(found, evidence=replace(COMPARED, papers=(licence,)))


def not_found(making: Making, on: date | None = None) -> Sample:
    evidence = Evidence(police_receipt=f"核{places.digits(making.chance, 6)}")
    return replace(resident(making, answer=901, on=on or making.recent_day()), evidence=evidence)


def to_be_followed_up(making: Making) -> Sample:
    found = resident(making, answer=making.chance.choice((900, 901)), on=making.recent_day())
    return replace(found, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=Evidence())


def check_deferred(making: Making) -> Sample:
    found = resident(making, answer=905, on=making.recent_day())
    return replace(found, decision=CheckDecision.PROCEED_AND_FOLLOW_UP, evidence=replace(COMPARED, reader_genuine=True))


def photo_of_another(making: Making, on: date | None = None) -> Sample:
    found = resident(making, answer=907, on=on or making.recent_day())
    return replace(found, evidence=Evidence(photo_matches=False, reader_genuine=True))


def serviceman(making: Making) -> Sample:
    found = resident(making, (20, 45), occupation=Occupation.MILITARY, unit_proof=True)
    number = making.numbers.shaped(f"{making.chance.choice('军政参后装')}字第######号")
    issued_on = making.day(years_after(found.opened_on, -2), found.opened_on)
    until, unit = years_after(issued_on, MILITARY_YEARS), "示例部队政治工作部"
    paper = Paper(DocumentType.MILITARY_ID, number, issued_on, until, issuing_authority=unit)
    return presenting(found, paper, decision="", evidence=Evidence())
