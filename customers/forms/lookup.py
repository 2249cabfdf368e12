from django import forms
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.typed import RuleForm, TypedText, select
from customers.messages import message


class NumberLookupForm(RuleForm):
    """By customer number. One of the two ways, never anything else (rules 1.2.3)."""

    customer_number = TypedText(
        label=_("Customer number"), required=True, widget=forms.TextInput({"inputmode": "numeric", "maxlength": 40})
    )
    reason = TypedText(label=_("Reason"), widget=forms.TextInput({"maxlength": 200}))

    def key(self) -> dict:
        return {name: self.cleaned_data[name].strip() for name in self.fields}

    def refuse_empty(self) -> None:
        for name in ("customer_number", "document_number"):
            if name in self.fields and not self.cleaned_data[name].strip():
                self.add_refusal({name: [("required", message("required"))]})


class DocumentLookupForm(NumberLookupForm):
    customer_number = None  # not asked here
    document_type = select(enums.DocumentType, empty=False, label=_("Document type"), required=True)
    document_number = TypedText(label=_("Document number"), required=True)
    field_order = ("document_type", "document_number", "reason")
