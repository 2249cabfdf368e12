"""What a list is asked to show, and why its mask is lifted."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.enums import AmendmentKind, AmendmentStatus, HistoryKind
from customers.forms.typed import RuleForm, TypedDate, TypedText
from customers.selectors.listing import Chosen
from tellerdesk.core.errors import FieldErrors

ALL = ("", _("All"))
DECIDED_STATES = (AmendmentStatus.APPLIED, AmendmentStatus.REJECTED)


class LineField(forms.CharField):
    """A name or number that things are called by; what cannot be one is an error of the field."""

    def __init__(self, **options):
        super().__init__(**{"required": False, "max_length": 30, **options})


class ListFilter(forms.Form):
    """Everything may be left out. What is wrong is said, and counts as left out."""

    day = TypedDate(label=_("Day"))
    since = TypedDate(label=_("From"))
    until = TypedDate(label=_("Until"))
    branch = LineField(label=_("Branch"))
    person = LineField(label=_("Staff number"))
    kind = forms.ChoiceField(label=_("Request"), required=False, choices=[ALL, *AmendmentKind.choices])
    status = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *AmendmentStatus.choices])

    def __init__(self, data, *, asks: tuple[str, ...]):
        super().__init__({name: data.get(name, "") for name in asks})
        for name in set(self.fields) - set(asks):
            del self.fields[name]

    def clean_person(self):
        return self.cleaned_data["person"].lower()

    def chosen(self) -> Chosen:
        self.is_valid()
        return Chosen(**{name: value for name, value in self.cleaned_data.items() if value})

    def tell(self, chosen: Chosen) -> None:
        """Shows what counts where nothing was typed."""
        for name in self.fields:
            value = getattr(chosen, name)
            self.data[name] = self.data.get(name) or (f"{value:%Y-%m-%d}" if isinstance(value, date) else value or "")

    def chosen_or_refused(self) -> Chosen:
        """For programs. Raises FieldErrors."""
        if not self.is_valid():
            raise FieldErrors(faults_of(self))
        return self.chosen()


class HistoryFilter(forms.Form):
    kind = forms.ChoiceField(required=False, choices=[ALL, *HistoryKind.choices], widget=forms.HiddenInput)
    person = LineField(label=_("Staff number"))
    since = TypedDate(label=_("From"))
    until = TypedDate(label=_("Until"))

    def clean_person(self):
        return self.cleaned_data["person"].lower()

    def conditions(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def conditions_or_refused(self) -> dict:
        """For programs. Raises FieldErrors."""
        if not self.is_valid():
            raise FieldErrors(faults_of(self))
        return self.conditions()


class UnmaskForm(RuleForm):
    reason = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))


def faults_of(form) -> dict[str, list[tuple]]:
    return {
        name: [(each.code or "invalid", message) for each in errors.as_data() for message in each.messages]
        for name, errors in form.errors.items()
    }
