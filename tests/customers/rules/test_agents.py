from dataclasses import replace
from datetime import date

import pytest

from customers.rules.agents import AgentParticulars, agent_problems, guardian_problems
from tests.customers.numbers import citizen_number
from tests.customers.rules.vectors import TODAY

AGENT = AgentParticulars(
    name="顾青禾",
    document_type="resident_id",
    document_number=citizen_number(),
    mobile="13900000128",
    relation="parent",
    reason="本人出差",
    authority="授权委托书",
)


def problems(agent, customer_key="CN:x"):
    return list(agent_problems(agent.cleaned(), customer_key, today=TODAY))


def test_a_complete_agent():
    assert problems(AGENT) == []


@pytest.mark.parametrize("word", ["父母", "父亲", "parent"])
def test_relation_in_either_language(word):
    assert replace(AGENT, relation=f" {word} ").cleaned().relation == "parent"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name": ""}, ("agent.name", "required")),
        ({"mobile": ""}, ("agent.mobile", "required")),
        ({"mobile": "123"}, ("agent.mobile", "format")),
        ({"relation": "邻居"}, ("agent.relation", "not_in_list")),
        ({"reason": " "}, ("agent.reason", "required")),
        ({"authority": ""}, ("agent.authority", "required")),
        ({"document_type": "library_card"}, ("agent.document_type", "not_in_list")),
        ({"document_type": "driving_licence"}, ("agent.document_type", "auxiliary_only")),
        ({"document_number": "1"}, ("agent.document_number", "length")),
        ({"document_number": citizen_number(date(2010, 11, 25))}, ("agent.document_number", "agent_too_young")),
    ],
)
def test_what_is_wrong_with_an_agent(changes, problem):
    assert problems(replace(AGENT, **changes)) == [problem]


def test_an_agent_is_16_on_the_birthday():
    assert problems(replace(AGENT, document_number=citizen_number(date(2010, 11, 24)))) == []


def test_nobody_is_his_own_agent():
    assert problems(AGENT, f"CN:{citizen_number()}") == [("agent.document_number", "agent_is_customer")]


@pytest.mark.parametrize(
    ("born", "agent", "expected"),
    [
        (date(2010, 11, 25), None, [("agent", "guardian_required")]),
        (date(2010, 11, 25), replace(AGENT, relation="entrusted"), [("agent.relation", "guardian_required")]),
        (date(2010, 11, 25), replace(AGENT, relation="guardian"), []),
        (date(2010, 11, 24), None, []),
        (None, None, []),
    ],
)
def test_a_guardian_opens_for_a_child(born, agent, expected):
    assert list(guardian_problems(agent, born, today=TODAY)) == expected
