from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedChoice, TypedText
from tiering.services.rosters import MOST_CAPACITY

DIGITS = 6


class Capacity(TypedText):
    """A whole number as it was typed; what is none is nought, which the service refuses."""

    def clean(self, value):
        text = super().clean(value).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def capacity_field() -> Capacity:
    attributes = {"inputmode": "numeric", "maxlength": DIGITS, "autocomplete": "off", "class": "input input--capacity"}
    return Capacity(label=_("Capacity"), required=True, widget=forms.TextInput(attributes))


class PlaceForm(RuleForm):
    """Somebody for the roster of one tier. `eligible` are those to choose from."""

    staff = TypedChoice(label=_("Add a person"), required=True)
    capacity = capacity_field()

    def __init__(self, data=None, *, tier, eligible, **options):
        super().__init__(data, auto_id=f"id_{tier.code}_%s", **options)
        people = [(each.staff.username, _words(each)) for each in eligible]
        self.fields["staff"].choices = [("", _("Please choose")), *people]
        self.fields["capacity"].help_text = _("1 to %(most)s") % {"most": f"{MOST_CAPACITY:,}"}


def _words(each) -> str:
    load = _("%(number)s customers now") % {"number": each.load}
    return f"{each.staff.name} {each.staff.username} · {each.position_label} · {load}"


class ChangeForm(RuleForm):
    """Another capacity for whoever is on the roster."""

    staff = TypedText()
    capacity = capacity_field()

    def __init__(self, data=None, *, tier, **options):
        named = str((data or {}).get("staff", "")).replace("%", "%%")
        super().__init__(data, auto_id=f"c-{tier.code}-{named}-%s", **options)
