from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedText
from tiering.services.assessing import LONGEST_REASON


class CloseForm(RuleForm):
    """`again`: another version of the quarter was closed before, so that this one needs a reason."""

    reason = TypedText(widget=forms.TextInput({"maxlength": LONGEST_REASON}))

    def __init__(self, data=None, *, again: bool, **options):
        super().__init__(data, **options)
        reason = self.fields["reason"]
        reason.required = again
        reason.label = _("Reason of closing again") if again else _("Remark (may be left out)")
