from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.forms.typed import RuleForm, TypedDate, TypedText, select
from tiering.enums import HandOverReason, HandOverStatus, Tier
from tiering.selectors.hand_over_file import QUEUE, Receiver


class StartForm(RuleForm):
    """Who leaves is chosen before and stands in the page's address."""

    reason = select(HandOverReason, label=_("Reason"), required=True)
    note = TypedText(label=_("In words"), required=True, widget=forms.TextInput({"maxlength": 200}))
    last_day = TypedDate(label=pgettext_lazy("hand-over", "Last day"), required=True)


class ReasonForm(RuleForm):
    """For whoever returns or undoes; other refusals are its errors too."""

    reason = TypedText(label=_("Reason"), widget=forms.TextInput({"maxlength": 200}))


class StatusFilter(forms.Form):
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *HandOverStatus.choices])

    @property
    def chosen(self) -> str:
        return self.cleaned_data["status"] if self.is_valid() else ""


class RowFilter(forms.Form):
    """Values that are none of the choices count as not chosen."""

    to = forms.ChoiceField(label=_("Receiver"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)

    def __init__(self, data, *, receivers: list[Receiver]):
        super().__init__(data)
        people = [(each.staff.username, f"{each.staff.name} {each.staff.username}") for each in receivers if each.staff]
        queue = [(QUEUE, _("Manager's queue"))] if any(each.staff is None for each in receivers) else []
        tiers = sorted({line.tier for each in receivers for line in each.lines}, reverse=True)
        self.fields["to"].choices = [("", _("All")), *people, *queue]
        self.fields["tier"].choices = [("", _("All")), *((tier.code, tier.label) for tier in tiers)]

    @property
    def chosen(self) -> dict:
        self.is_valid()
        tier = self.cleaned_data.get("tier")
        return {"receiver": self.cleaned_data.get("to", ""), "tier": Tier.of_code(tier) if tier else None}
