"""Which of the customers that a draft moves are shown. Values that are none of the choices count as not chosen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tiering.enums import Tier
from tiering.jobs.what_if_lists import Wanted

LOST = "lost"
TIERS = [("", _("Any")), *((tier.code, tier.label) for tier in reversed(Tier))]
KINDS = [("", _("Would move")), (LOST, _("Would lose the named owner"))]


class MovedForm(forms.Form):
    from_tier = forms.ChoiceField(label=_("From tier"), required=False, choices=TIERS)
    to_tier = forms.ChoiceField(label=_("To tier"), required=False, choices=TIERS)
    kind = forms.ChoiceField(label=_("Shown"), required=False, choices=KINDS)

    def wanted(self, branch_ids: tuple[int, ...] | None) -> Wanted:
        self.is_valid()
        before, then = (self._tier(name) for name in ("from_tier", "to_tier"))
        return Wanted(before, then, branch_ids, self.cleaned_data.get("kind") == LOST)

    def _tier(self, name: str) -> Tier | None:
        code = self.cleaned_data.get(name)
        return Tier.of_code(code) if code else None
