from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentKind
from customers.forms.typed import RuleForm, TypedChoice, TypedText
from customers.messages import message
from customers.rules.standing import LEADS_TO, may_begin


class StandingForm(RuleForm):
    """1010: offers what the present standing allows."""

    kind = TypedChoice(label=_("What is asked for"), widget=forms.RadioSelect, required=True)
    reason = TypedText(label=_("Reason"), required=True)

    def __init__(self, *args, status: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (str(kind), AmendmentKind(kind).label) for kind in LEADS_TO if may_begin(kind, status)
        ]

    def clean(self):
        offered = [code for code, _label in self.fields["kind"].choices]
        if self.cleaned_data.get("kind") not in offered:
            self.add_error("kind", ValidationError(message("not_in_list"), code="not_in_list"))
        if not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", ValidationError(message("required"), code="required"))
