from django import forms
from django.utils.translation import gettext_lazy as _

from customers.enums import OwedKind
from customers.forms.typed import RuleForm, TypedDate, TypedText


class OwedForm(forms.Form):
    """The filter of 1011; what is no kind counts as all."""

    kind = forms.ChoiceField(label=_("Matter"), choices=[("", _("All kinds")), *OwedKind.choices], required=False)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)

    @property
    def chosen(self) -> dict:
        self.is_valid()
        return {
            "kind": self.cleaned_data.get("kind", ""),
            "overdue": self.cleaned_data.get("overdue", False),
        }


class ReceiptForm(RuleForm):
    """The customer came back with the stamped receipt (回执)."""

    police_receipt = TypedText(label=_("Number of the police receipt"), required=True, max_length=60)


class ReportForm(RuleForm):
    """报案 as it was made."""

    police_report = TypedText(label=_("Number of the report"), required=True, max_length=60)
    reported_on = TypedDate(label=_("Reported on"))
