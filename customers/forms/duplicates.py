from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedText
from customers.selectors.duplicates import BANDS, STATUSES, PairFilter

BAND_WORDS = {"strong": _("strong, 70 and more"), "medium": _("medium, 40 to 69"), "weak": _("weak, below 40")}
STATUS_WORDS = {"open": _("to be looked at"), "dismissed": _("two persons")}


class FilterForm(forms.Form):
    """From the address: what is no choice is not asked for."""

    band = forms.ChoiceField(label=_("Strength"), choices=[("", _("all")), *BAND_WORDS.items()], required=False)
    status = forms.ChoiceField(label=_("State"), choices=list(STATUS_WORDS.items()), required=False)

    def chosen(self) -> PairFilter:
        asked = {name: self.data.get(name, "") for name in self.fields}
        band = asked["band"] if asked["band"] in BANDS else ""
        return PairFilter(band, asked["status"] if asked["status"] in STATUSES else STATUSES[0])


class DismissForm(RuleForm):
    reason = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))


def filter_words(chosen: PairFilter) -> str:
    band = str(BAND_WORDS[chosen.band]) if chosen.band else str(_("all"))
    strength, state = _("Strength"), _("State")
    return f"{strength}: {band}; {state}: {STATUS_WORDS[chosen.status]}"
