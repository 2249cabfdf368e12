from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedDate, TypedText
from customers.rules.normalise import without_surrogates

REQUIRED = _("Please fill this in.")


class Branches(forms.MultipleChoiceField):
    """Boxes; a code that is none of the choices is not chosen."""

    def clean(self, value):
        known = {code for code, _words in self.choices}
        return [each for each in map(without_surrogates, self.to_python(value)) if each in known]


class PlanForm(RuleForm):
    """The same days for all branches that are chosen."""

    rosters_due_on = TypedDate(label=_("1 Rosters reported by"), required=True)
    system_due_on = TypedDate(label=_("2 System upgraded by"), required=True)
    users_due_on = TypedDate(label=_("3 Users released by"), required=True)
    go_live_on = TypedDate(label=_("Go-live on"), required=True)
    branches = Branches(label=_("Branches"), required=False, widget=forms.CheckboxSelectMultiple)

    DAYS = ("rosters_due_on", "system_due_on", "users_due_on", "go_live_on")

    def __init__(self, data=None, *, branches, **options):
        super().__init__(data, **options)
        self.fields["branches"].choices = [(each.code, str(each)) for each in branches]
        self.fields["go_live_on"].help_text = _("Step 4, allocation, is due one month later.")

    def clean(self):
        for name in self.DAYS:
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, forms.ValidationError(REQUIRED, code="required"))
        if not self.cleaned_data.get("branches"):
            self.add_error("branches", forms.ValidationError(_("Please choose at least one branch."), code="required"))
        return self.cleaned_data


class ReasonForm(RuleForm):
    reason = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))
