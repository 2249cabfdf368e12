"""The particulars of a customer as they are entered, and how what was typed becomes what is kept (rules 1.1)."""

from dataclasses import dataclass, fields, replace
from datetime import date

from customers.rules.agents import AgentParticulars
from customers.rules.countries import CHINA
from customers.rules.documents import ParsedDocument
from customers.rules.texts import clean_telephone, clean_text

DOCUMENT_FIELDS = frozenset(
    {"document_type", "document_number", "valid_from", "valid_until", "long_term", "issuing_authority"}
)
TELEPHONES = frozenset({"mobile", "phone"})


@dataclass(frozen=True)
class Particulars:
    """Blank text is "", an unknown date None; `long_term` is a document without last day."""

    name: str = ""
    sex: str = ""
    birth_date: date | None = None
    nationality: str = CHINA
    occupation: str = ""
    occupation_detail: str = ""
    address: str = ""
    employer_address: str = ""
    mobile: str = ""
    phone: str = ""
    email: str = ""
    document_type: str = ""
    document_number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    long_term: bool = False
    issuing_authority: str = ""
    has_cheque_account: bool = False
    settled_abroad: bool = False
    unit_proof: bool = False
    ethnic_group: str = ""
    marital_status: str = ""
    education: str = ""
    income_band: str = ""
    tax_residency: str = ""
    risk_level: str = ""
    agent: AgentParticulars | None = None

    def completed_from(self, paper: ParsedDocument) -> "Particulars":
        """Cleaned, and filled in from the number where nothing was entered; what was entered stays to be checked."""
        cleaned = {name: clean(name, getattr(self, name)) for name in _names() if isinstance(getattr(self, name), str)}
        completed = replace(self, **cleaned)
        return replace(
            completed,
            document_number=paper.normalized,
            birth_date=self.birth_date or paper.birth_date,
            sex=completed.sex or (paper.sex.value if paper.sex else ""),
            nationality=completed.nationality or paper.nationality or CHINA,
            long_term=self.valid_until is None if paper.has_no_period else self.long_term,
            agent=self.agent.cleaned() if self.agent else None,
        )

    def customer_fields(self) -> dict:
        """What belongs to the customer rather than to the document or the agent."""
        return {name: getattr(self, name) for name in _names() if name not in DOCUMENT_FIELDS and name != "agent"}


def _names() -> list[str]:
    return [field.name for field in fields(Particulars)]


def clean(field: str, text: str) -> str:
    return clean_telephone(text) if field in TELEPHONES else clean_text(text)
