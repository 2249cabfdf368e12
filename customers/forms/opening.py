from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.agent import AgentForm
from customers.forms.evidence import EvidenceForm
from customers.forms.typed import TypedChoice, TypedDate, TypedText, select
from customers.rules.countries import CHINA, countries
from customers.rules.particulars import Particulars

FLAGS = ("long_term", "has_cheque_account", "settled_abroad", "unit_proof")
FIELDS = (
    "name", "sex", "birth_date", "nationality", "occupation", "occupation_detail", "address", "employer_address",
    "mobile", "phone", "email", "document_type", "document_number", "valid_from", "valid_until", "issuing_authority",
    "ethnic_group", "marital_status", "education", "income_band", "tax_residency", "risk_level",
)  # fmt: skip
FURTHER = (
    "phone", "email", "issuing_authority", "ethnic_group", "marital_status", "education", "income_band",
    "tax_residency", "risk_level",
)  # fmt: skip


def nationalities() -> list[tuple[str, str]]:
    """`CHN 中国`: the code is what one types to find it."""
    english = (get_language() or "").startswith("en")
    return [(each.alpha_3, f"{each.alpha_3} {each.name_en if english else each.name_zh}") for each in countries()]


class OpeningForm(AgentForm, EvidenceForm):
    """1001. What a customer must have is said by the rules; here is only how it is typed."""

    field_order = (
        "document_type", "document_number", "name", "nationality", "birth_date", "sex", "settled_abroad", "unit_proof",
        "valid_from", "valid_until", "long_term", "identity_check", "photo_matches", "decision", "refusal_reason",
        "occupation", "occupation_detail", "mobile", "address", "employer_address", "has_cheque_account", "has_agent",
    )  # fmt: skip

    document_type = select(enums.DocumentType, empty=False, label=_("Document type"), required=True)
    document_number = TypedText(label=_("Document number"), required=True)
    name = TypedText(label=_("Name"), required=True)
    nationality = TypedChoice(label=_("Nationality"), choices=nationalities, initial=CHINA, required=True)
    birth_date = TypedDate(label=_("Birth date"), required=True)
    sex = select(enums.Sex, label=_("Sex"), required=True)
    valid_from = TypedDate(label=_("Valid from"))
    valid_until = TypedDate(label=_("Valid until"))
    long_term = forms.BooleanField(label=_("Long term"), required=False)
    settled_abroad = forms.BooleanField(label=_("Settled abroad"), required=False)
    unit_proof = forms.BooleanField(label=_("Proof of the serviceman's unit"), required=False)

    occupation = select(enums.Occupation, label=_("Occupation"), required=True)
    occupation_detail = TypedText(label=_("Occupation in words"))
    mobile = TypedText(label=_("Mobile phone"), widget=forms.TextInput({"inputmode": "tel"}))
    address = TypedText(label=_("Usual residence"))
    employer_address = TypedText(label=_("Workplace address"))
    has_cheque_account = forms.BooleanField(label=_("Holder of a personal cheque account"), required=False)

    phone = TypedText(label=_("Telephone"), widget=forms.TextInput({"inputmode": "tel"}))
    email = TypedText(label=_("E-mail"), widget=forms.TextInput({"inputmode": "email"}))
    issuing_authority = TypedText(label=_("Issuing authority"))
    ethnic_group = TypedText(label=_("Ethnic group"))
    marital_status = select(enums.MaritalStatus, label=_("Marital status"))
    education = select(enums.Education, label=_("Education"))
    income_band = select(enums.IncomeBand, label=_("Income"))
    tax_residency = select(enums.TaxResidency, label=_("Tax residency"))
    risk_level = select(enums.RiskLevel, label=_("Money-laundering risk"))

    def particulars(self) -> Particulars:
        """As typed; the service completes and judges them."""
        flags = {name: bool(self.cleaned_data.get(name)) for name in FLAGS}
        return Particulars(**self.typed(FIELDS), **flags, agent=self.agent())

    @property
    def further_fields(self) -> list:
        return [self[name] for name in FURTHER]

    @property
    def shows_further(self) -> bool:
        """A folded field with something in it, or something wrong with it, is not folded."""
        return any(field.errors or field.value() for field in self.further_fields)

    @property
    def is_other_occupation(self) -> bool:
        return self["occupation"].value() == enums.Occupation.OTHER

    @property
    def typed_document(self) -> tuple[str, str]:
        """Type and number as they stand in the form, bound or not."""
        return self["document_type"].value() or enums.DocumentType.RESIDENT_ID, self["document_number"].value() or ""

    def lock(self, names) -> None:
        """What the document itself says is not typed."""
        for name in names:
            self.fields[name].widget.attrs |= {"readonly": True, "tabindex": "-1"}
            if isinstance(self.fields[name].widget, forms.Select):
                self.fields[name].widget.attrs["aria-readonly"] = "true"
