from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedText
from tellerdesk.core.errors import DomainError, FieldErrors

APPROVE, RETURN = "approve", "return"


class ReadForm(RuleForm):
    """About what was read: `revision` is the one on the page."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def refuse(self, refusal: DomainError) -> None:
        if isinstance(refusal, FieldErrors):
            self.add_refusal(refusal.errors)
        else:
            self.add_error(None, refusal.as_dict()["message"])


class DecidePolicyForm(ReadForm):
    """F9 approves; F8 returns, and then says why."""

    do = forms.ChoiceField(choices=[(APPROVE, APPROVE), (RETURN, RETURN)], widget=forms.HiddenInput)
    reason = TypedText(label=_("Reason of the return"), widget=forms.TextInput({"maxlength": 200}))

    @property
    def is_approval(self) -> bool:
        return self.cleaned_data["do"] == APPROVE


class DiscardDraftForm(ReadForm):
    reason = TypedText(label=_("Reason for discarding"), widget=forms.TextInput({"maxlength": 200}))
