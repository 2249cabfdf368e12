from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.agent import AgentForm
from customers.forms.typed import TypedChoice, TypedText, select
from customers.messages import message
from customers.rules.changes import TABLE, change_needs

COMES = (
    ("person", _("The customer in person")),
    ("agent", _("An agent")),
    ("neither", _("Neither: by letter or telephone")),
)
GROUPED = (
    "occupation", "occupation_detail", "address", "employer_address", "phone", "email", "ethnic_group",
    "marital_status", "education", "income_band", "tax_residency",
)  # fmt: skip
FOLDED = frozenset(GROUPED[6:])
REVIEWED = ("mobile", "risk_level", "has_cheque_account")
# What comes by document is changed in 1005, with the document and its check; the last day says that there is none.
BY_DOCUMENT = tuple(name for name in TABLE if name not in (*GROUPED, *REVIEWED, "long_term"))


class AmendForm(AgentForm):
    """1002: what is changed at once, and what waits for a second person; `version` is the one the teller saw."""

    has_agent = None
    occupation = select(enums.Occupation, label=_("Occupation"))
    occupation_detail = TypedText(label=_("Occupation in words"))
    address = TypedText(label=_("Usual residence"))
    employer_address = TypedText(label=_("Workplace address"))
    phone = TypedText(label=_("Telephone"))
    email = TypedText(label=_("E-mail"))
    ethnic_group = TypedText(label=_("Ethnic group"))
    marital_status = select(enums.MaritalStatus, label=_("Marital status"))
    education = select(enums.Education, label=_("Education"))
    income_band = select(enums.IncomeBand, label=_("Income"))
    tax_residency = select(enums.TaxResidency, label=_("Tax residency"))
    comes = TypedChoice(label=_("Who comes"), choices=COMES, widget=forms.RadioSelect, initial="person", required=True)
    mobile = TypedText(label=_("Mobile phone"))
    risk_level = select(enums.RiskLevel, label=_("Money-laundering risk"))
    has_cheque_account = forms.BooleanField(label=_("Holder of a personal cheque account"), required=False)
    reason = TypedText(label=_("Reason"), required=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)

    def __init__(self, *args, customer, **kwargs):
        self.is_cheque_holder = customer.has_cheque_account
        super().__init__(*args, **kwargs)

    def is_reviewed(self, name: str) -> bool:
        return change_needs([name], has_cheque_account=self.is_cheque_holder).checker

    @property
    def change_fields(self) -> list:
        return [self[name] for name in GROUPED + REVIEWED]

    @property
    def main_fields(self) -> list:
        """Of what is changed at once."""
        return [self[name] for name in GROUPED if name not in FOLDED and not self.is_reviewed(name)]

    @property
    def reviewed_fields(self) -> list:
        return [self[name] for name in REVIEWED + GROUPED if name not in FOLDED and self.is_reviewed(name)]

    @property
    def further_fields(self) -> list:
        return [self[name] for name in GROUPED if name in FOLDED]

    @property
    def shows_further(self) -> bool:
        return any(field.errors for field in self.further_fields)

    @property
    def acts_by_agent(self) -> bool:
        return self["comes"].value() == "agent"

    @property
    def in_person(self) -> bool:
        return self["comes"].value() == "person"

    def clean(self):
        if not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", ValidationError(message("required"), code="required"))

    def changes(self) -> dict:
        """Every field as it stands; the service keeps what differs."""
        return self.typed(GROUPED + REVIEWED)
