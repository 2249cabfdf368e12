from django.utils.translation import gettext_lazy as _

from customers.enums import Business, DocumentType
from customers.forms.evidence import EvidenceForm
from customers.forms.typed import TypedChoice, TypedText, select

STANDING_ALONE = [(each.value, each.label) for each in Business if each != Business.OPENING]


class CheckForm(EvidenceForm):
    """1003: a check for a business other than an opening, which makes its own."""

    business = TypedChoice(label=_("Business"), choices=STANDING_ALONE, required=True)
    document_type = select(DocumentType, empty=False, label=_("Document type"), required=True)
    document_number = TypedText(label=_("Document number"), required=True)
    name = TypedText(label=_("Name"), required=True)
    field_order = ("business", "document_type", "document_number", "name")

    @property
    def typed_document(self) -> tuple[str, str]:
        return self["document_type"].value() or DocumentType.RESIDENT_ID, self["document_number"].value() or ""
