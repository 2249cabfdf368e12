"""领养: for whom, by whom, and why; what is wrong with any of it is said by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedChoice, TypedText
from tellerdesk.files.forms import UploadField
from tiering.enums import BANDED, Tier
from tiering.forms.owning import Several, words_of

HAND, SPREAD = "hand", "spread"
TIERS = [("", _("All with a band")), *((tier.code, tier.label) for tier in BANDED)]


class AdoptionForm(RuleForm):
    """`eligible` is empty for who adopts for himself only; `all` means everybody of the filter, not those ticked."""

    owner = TypedChoice(label=_("Owner"))
    people = Several(label=_("Among"), required=False, widget=forms.CheckboxSelectMultiple)
    all = forms.BooleanField(label=_("All customers of the filter, not only those ticked"), required=False)
    note = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))

    def __init__(self, data=None, *, eligible, **options):
        super().__init__(data, **options)
        people = [(each.staff.username, words_of(each)) for each in eligible]
        self.fields["owner"].choices = [("", _("Please choose")), *people]
        self.fields["people"].choices = people
        if not eligible:
            for name in ("owner", "people", "all"):
                del self.fields[name]


class AdoptionFileForm(RuleForm):
    file = UploadField(label=_("Adoption file"))
    note = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))


def tiers_of(code: str) -> tuple[Tier, ...]:
    """A text that is no band's code means all of them."""
    found = [tier for tier in BANDED if tier.code == code]
    return tuple(found) or BANDED
