from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.messages import message
from customers.rules.texts import line_problem

APPROVE, RETURN = "approve", "reject"


class DecideForm(forms.Form):
    """F9 approves; F8 returns, and then says why."""

    do = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)], widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason of the return"), required=False)

    @property
    def is_approval(self) -> bool:
        return self.cleaned_data["do"] == APPROVE

    def clean(self):
        reason = self.cleaned_data.get("reason", "")
        code = line_problem(reason) if reason else None
        if not reason and self.cleaned_data.get("do") == RETURN:
            code = "required"
        if code:
            self.add_error("reason", ValidationError(message(code), code=code))
