"""Sample customers for whom somebody else came: children with a parent, the old with a son or daughter."""

from datetime import date, timedelta

from customers.enums import AgentRelation
from customers.rules.agents import AgentParticulars
from tellerdesk.demo import places
from tellerdesk.demo.making import Making, Sample
from tellerdesk.demo.names import given_name
from tellerdesk.demo.papers import card, register_page
from tellerdesk.demo.residents import GROWN, presenting, resident


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
        call_record="" if relation == AgentRelation.PARENT else "开户当日电话联系本人，确认委托属实",
    )


def through_an_agent(making: Making, on: date | None = None) -> Sample:
    agent = resident(making, (30, 55)).particulars
    authority = f"授权委托书（样例）第{places.digits(making.chance, 4)}号"
    acted = acting(agent, AgentRelation.CHILD, "本人行动不便，委托子女代办", authority)
    return resident(making, (65, 90), on=on, agent=acted)
