"""升级意愿: to stay, or whom the customer chose."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedChoice, TypedText
from tiering.enums import UpgradeStatus
from tiering.forms.owning import words_of

CHOICES = [(each.value, each.label) for each in (UpgradeStatus.STAY, UpgradeStatus.CHANGE)]


class ChoiceForm(RuleForm):
    """`eligible` is empty for who may only record that the customer stays."""

    choice = TypedChoice(label=_("The customer's choice"), choices=CHOICES[:1], widget=forms.RadioSelect)
    owner = TypedChoice(label=_("New owner"))
    note = TypedText(label=_("Note"), widget=forms.TextInput({"maxlength": 200}))

    def __init__(self, data=None, *, eligible, **options):
        super().__init__(data, **options)
        self.fields["owner"].choices = [("", _("Please choose")), *((e.staff.username, words_of(e)) for e in eligible)]
        if eligible:
            self.fields["choice"].choices = CHOICES
        else:
            del self.fields["owner"]


class ReferralForm(RuleForm):
    """Whom the owner brings in, and for what."""

    specialist = TypedChoice(label=_("Specialist"), required=True)
    note = TypedText(label=_("What for"), widget=forms.TextInput({"maxlength": 200}))

    def __init__(self, data=None, *, specialists, **options):
        super().__init__(data, **options)
        people = [(username, each.words) for username, each in specialists.items()]
        self.fields["specialist"].choices = [("", _("Please choose")), *people]
