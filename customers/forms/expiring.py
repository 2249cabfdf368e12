from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedDate, TypedText
from customers.messages import message
from customers.selectors.expiring import WITHIN, WORDS, Asked

STANDARD = "90"


class ExpiringFilter(forms.Form):
    """What is no such thing counts as left out."""

    within = forms.ChoiceField(choices=[(each, WORDS[each]) for each in WITHIN], required=False)
    branch = forms.CharField(label=_("Branch"), required=False, max_length=10)

    def asked(self, staff, as_of) -> Asked:
        self.is_valid()
        typed = self.cleaned_data
        return Asked(staff, as_of, typed.get("within") or STANDARD, typed.get("branch") or "")


def ticked(data) -> list[int]:
    """The proposals chosen on the list; what is no id is none of them."""
    given = data.getlist("proposal")
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 19]


class PostponeForm(RuleForm):
    until = TypedDate(label=_("Put off until"), required=True)
    ground = TypedText(label=_("Reasonable ground"), required=True, widget=forms.TextInput({"maxlength": 200}))

    def clean(self):
        if "until" not in self.errors and self.cleaned_data.get("until") is None:
            self.add_refusal({"until": [("required", message("required"))]})
