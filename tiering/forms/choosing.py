"""What a list shows. Values that are none of the choices count as not chosen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tellerdesk.staff.models import Staff
from tiering.messages import WHAT, tier_choices
from tiering.selectors.list_filter import NOBODY, Filter
from tiering.selectors.scope import Scope

ALL = ("", _("All"))


class ListForm(forms.Form):
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    what = forms.ChoiceField(label=_("Condition"), required=False, choices=[ALL, *WHAT.items()])
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, data, *, scope: Scope, owners: list[Staff]):
        super().__init__(data)
        self.scope = scope
        self.owners = {each.username: each for each in owners}
        people = [(each.username, f"{each.name} {each.username}") for each in owners]
        self.fields["tier"].choices = tier_choices()
        self.fields["owner"].choices = [ALL, (NOBODY, _("Without owner")), *people]

    def chosen(self, days) -> Filter:
        self.is_valid()
        typed = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        owner = NOBODY if typed["owner"] == NOBODY else self.owners.get(typed["owner"])
        return Filter(self.scope, days, typed["tier"], owner, typed["what"])
