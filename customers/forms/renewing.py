from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.evidence import EvidenceForm
from customers.forms.opening import nationalities
from customers.forms.typed import TypedChoice, TypedDate, TypedText, select
from customers.messages import message
from customers.rules.further import FurtherPaper

RENEW, FURTHER = "renew", "further"
USES = ((RENEW, _("In place of the primary document")), (FURTHER, _("A further document beside it")))
OF_PAPER = ("document_type", "document_number", "valid_from", "valid_until", "issuing_authority")
OF_PERSON = ("name", "nationality", "birth_date", "sex")
FLAGS = ("long_term", "settled_abroad", "unit_proof")


class RenewForm(EvidenceForm):
    """1005: the document as it lies on the counter, and what comes by it; `version` is the one the teller saw."""

    field_order = (
        "use", "document_type", "document_number", "name", "nationality", "birth_date", "sex", "settled_abroad",
        "unit_proof", "valid_from", "valid_until", "long_term", "issuing_authority", "identity_check", "photo_matches",
        "decision", "refusal_reason", "reason",
    )  # fmt: skip

    use = TypedChoice(label=_("Use"), choices=USES, widget=forms.RadioSelect, initial=RENEW, required=True)
    document_type = select(enums.DocumentType, empty=False, label=_("Document type"), required=True)
    document_number = TypedText(label=_("Document number"), required=True)
    name = TypedText(label=_("Name"), required=True)
    nationality = TypedChoice(label=_("Nationality"), choices=nationalities, required=True)
    birth_date = TypedDate(label=_("Birth date"), required=True)
    sex = select(enums.Sex, label=_("Sex"), required=True)
    settled_abroad = forms.BooleanField(label=_("Settled abroad"), required=False)
    unit_proof = forms.BooleanField(label=_("Proof of the serviceman's unit"), required=False)
    valid_from = TypedDate(label=_("Valid from"))
    valid_until = TypedDate(label=_("Valid until"))
    long_term = forms.BooleanField(label=_("Long term"), required=False)
    issuing_authority = TypedText(label=_("Issuing authority"))
    reason = TypedText(label=_("Reason"), required=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)

    def clean(self):
        if not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", ValidationError(message("required"), code="required"))

    @property
    def adds(self) -> bool:
        return self["use"].value() == FURTHER

    @property
    def typed_document(self) -> tuple[str, str]:
        return self["document_type"].value() or enums.DocumentType.RESIDENT_ID, self["document_number"].value() or ""

    def changes(self) -> dict:
        """Everything as it stands; the service keeps what differs from the file."""
        return self.typed(OF_PAPER + OF_PERSON) | {name: bool(self.cleaned_data.get(name)) for name in FLAGS}

    def further(self) -> FurtherPaper:
        return FurtherPaper(**self.typed(OF_PAPER), long_term=bool(self.cleaned_data.get("long_term")))
