"""Whoever acts for a customer: an agent, or the guardian of a minor (rules 1.4)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from customers.enums import AgentRelation
from customers.rules.documents import ParsedDocument, parse_document
from customers.rules.primary import AUXILIARY_ONLY, REGISTER_ONLY_UNDER
from customers.rules.texts import clean_telephone, clean_text, line_problem, mobile_problem, name_problem
from tellerdesk.core.ages import age_on

YOUNGEST_AGENT = 16  # full years
GUARDIANS = frozenset({AgentRelation.PARENT, AgentRelation.GUARDIAN})
RELATIONS_IN_CHINESE = {
    "父母": AgentRelation.PARENT,
    "父亲": AgentRelation.PARENT,
    "母亲": AgentRelation.PARENT,
    "配偶": AgentRelation.SPOUSE,
    "子女": AgentRelation.CHILD,
    "监护人": AgentRelation.GUARDIAN,
    "委托": AgentRelation.ENTRUSTED,
    "委托人": AgentRelation.ENTRUSTED,
    "受托人": AgentRelation.ENTRUSTED,
    "其他": AgentRelation.OTHER,
}


@dataclass(frozen=True)
class AgentParticulars:
    """`authority` is the power of attorney or the proof of guardianship, in words.

    `call_record` tells when and how the principal was asked; a guardian's ward is not.
    """

    name: str = ""
    document_type: str = ""
    document_number: str = ""
    mobile: str = ""
    relation: str = ""
    reason: str = ""
    authority: str = ""
    call_record: str = ""

    def cleaned(self) -> "AgentParticulars":
        relation = clean_text(self.relation)
        return replace(
            self,
            name=clean_text(self.name),
            mobile=clean_telephone(self.mobile),
            relation=RELATIONS_IN_CHINESE.get(relation, relation),
            reason=clean_text(self.reason),
            authority=clean_text(self.authority),
            call_record=clean_text(self.call_record),
        )

    def paper(self, *, today: date) -> ParsedDocument:
        return parse_document(self.document_type, self.document_number, today=today)


def agent_problems(agent: AgentParticulars, customer_key: str | None, *, today: date) -> Iterator[tuple[str, str]]:
    """Of cleaned particulars; `customer_key` is the identity key of the person acted for. Fields are `agent.…`."""
    checks = {
        "name": name_problem(agent.name),
        "mobile": mobile_problem(agent.mobile) if agent.mobile else "required",
        "relation": None if agent.relation in AgentRelation.values else "not_in_list",
        "reason": line_problem(agent.reason) if agent.reason else "required",
        "authority": line_problem(agent.authority) if agent.authority else "required",
        "call_record": line_problem(agent.call_record),
    }
    yield from ((f"agent.{field}", code) for field, code in checks.items() if code)
    yield from _paper_problems(agent, customer_key, today)


def _paper_problems(agent: AgentParticulars, customer_key: str | None, today: date) -> Iterator[tuple[str, str]]:
    try:
        paper = agent.paper(today=today)
    except ValueError:
        yield "agent.document_type", "not_in_list"
        return
    yield from (("agent.document_number", code) for code in paper.errors)
    if paper.document_type in AUXILIARY_ONLY:
        yield "agent.document_type", "auxiliary_only"
    if paper.birth_date and paper.valid and age_on(paper.birth_date, today) < YOUNGEST_AGENT:
        yield "agent.document_number", "agent_too_young"
    if paper.identity_key and paper.identity_key == customer_key:
        yield "agent.document_number", "agent_is_customer"


def guardian_problems(
    agent: AgentParticulars | None, birth_date: date | None, *, today: date
) -> Iterator[tuple[str, str]]:
    """For a customer under 16 a parent or guardian opens, with proof."""
    if birth_date is None or age_on(birth_date, today) >= REGISTER_ONLY_UNDER:
        return
    if agent is None:
        yield "agent", "guardian_required"
    elif agent.relation in AgentRelation.values and agent.relation not in GUARDIANS:
        yield "agent.relation", "guardian_required"
