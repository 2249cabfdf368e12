from django import forms
from django.utils.translation import gettext_lazy as _

from customers import enums
from customers.forms.typed import RuleForm, TypedText, select
from customers.messages import message
from customers.rules.merging import CHOICES, LONGEST_EVIDENCE, SIDES


class PersonForm(RuleForm):
    """One of the two, by customer number or by document; the other way stays empty."""

    customer_number = TypedText(
        label=_("Customer number"), widget=forms.TextInput({"inputmode": "numeric", "maxlength": 40})
    )
    document_type = select(enums.DocumentType, empty=False, label=_("Document type"))
    document_number = TypedText(label=_("Document number"))

    def key(self) -> dict:
        """Of `look_up`; a number that is typed counts before a document."""
        typed = {name: self.cleaned_data[name].strip() for name in self.fields}
        if typed["customer_number"]:
            return {"customer_number": typed["customer_number"]}
        return {name: typed[name] for name in ("document_type", "document_number")}

    def refuse_empty(self) -> None:
        if not any(self.cleaned_data[name].strip() for name in ("customer_number", "document_number")):
            self.add_refusal({"customer_number": [("required", message("required"))]})


class MergeForm(RuleForm):
    """Evidence, and for each field whose value is kept; the radios are drawn by the page."""

    evidence = TypedText(
        label=_("Evidence that both are one person"),
        required=True,
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_EVIDENCE}),
        help_text=_("Which papers of both sides were seen, in person, and what shows that they are one."),
    )

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, here or in the draft, nothing else: a value that is none is the survivor's."""
        typed = self.data if self.is_bound else self.initial
        sent = {field: typed.get(f"choice-{field}", "") for field in CHOICES}
        return {field: side for field, side in sent.items() if side in SIDES}


class UndoForm(RuleForm):
    reason = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))
