from django import forms
from django.utils.translation import gettext_lazy as _

APPROVE, RETURN = "approve", "reject"
MISSING = {"required": _("Please fill this in.")}


class RefusableForm(forms.Form):
    """What a service refused, beside the fields it names; one that could not be read has said so already."""

    def refuse(self, errors: dict) -> None:
        unreadable = set(self.errors)
        for field, found in errors.items():
            if field in unreadable:
                continue
            for code, text in found:
                self.add_error(field if field in self.fields else None, forms.ValidationError(text, code=code))


class LimitForm(RefusableForm):
    value = forms.IntegerField(
        label=_("New value"), error_messages=MISSING, widget=forms.TextInput({"inputmode": "numeric", "maxlength": 9})
    )
    reason = forms.CharField(label=_("Reason"), error_messages=MISSING, widget=forms.TextInput({"maxlength": 200}))


class DecideLimitForm(RefusableForm):
    """F9 approves; F8 returns, and then says why."""

    do = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)])
    reason = forms.CharField(label=_("Reason of the return"), required=False)

    @property
    def is_approval(self) -> bool:
        return self.cleaned_data["do"] == APPROVE
