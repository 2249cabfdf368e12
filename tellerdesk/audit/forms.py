from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 60


class EventFilter(forms.Form):
    """Everything may be left out. `before` is the keyset of the page."""

    record = forms.CharField(label=_("Record"), required=False, max_length=LONGEST)
    person = forms.CharField(label=_("Staff number"), required=False, max_length=LONGEST)
    day = forms.DateField(label=_("Day"), required=False, input_formats=["%Y-%m-%d"])
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def applied_to(self, events):
        typed = self.cleaned_data
        if typed["record"]:
            events = events.labelled(typed["record"])
        if typed["person"]:
            events = events.by_person(typed["person"].lower())
        return events.on_day(typed["day"]) if typed["day"] else events
