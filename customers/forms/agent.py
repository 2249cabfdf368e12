from django import forms
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.typed import RuleForm, TypedText, select
from customers.rules.agents import AgentParticulars

AGENT_FIELDS = ("name", "relation", "document_type", "document_number", "mobile", "reason", "authority", "call_record")


class AgentForm(RuleForm):
    """代理人 or guardian: the fields count only where `has_agent` is ticked."""

    has_agent = forms.BooleanField(label=_("An agent acts for the customer (both are verified)"), required=False)
    agent_name = TypedText(label=_("Agent's name"), required=True)
    agent_relation = select(enums.AgentRelation, label=_("Relation"), required=True)
    agent_document_type = select(enums.DocumentType, empty=False, label=_("Document type"), required=True)
    agent_document_number = TypedText(label=_("Document number"), required=True)
    agent_mobile = TypedText(label=_("Mobile phone"), required=True)
    agent_reason = TypedText(label=_("Reason for an agent"), required=True)
    agent_authority = TypedText(label=_("Power of attorney"), required=True)
    agent_call_record = TypedText(label=_("Call to the principal"))

    @property
    def acts_by_agent(self) -> bool:
        return bool(self["has_agent"].value())

    def agent(self) -> AgentParticulars | None:
        if not self.acts_by_agent:
            return None
        typed = self.typed([f"agent_{name}" for name in AGENT_FIELDS])
        return AgentParticulars(**{name: typed[f"agent_{name}"] for name in AGENT_FIELDS})

    @property
    def agent_fields(self) -> list:
        return [self[f"agent_{name}"] for name in AGENT_FIELDS]
