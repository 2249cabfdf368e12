from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import RuleForm, TypedChoice, TypedText
from customers.rules.normalise import without_surrogates
from tellerdesk.staff.enums import Position


class Several(forms.MultipleChoiceField):
    """Boxes; whether each person may be chosen is the service's matter."""

    def clean(self, value):
        return [without_surrogates(each) for each in self.to_python(value)]


class OwnersForm(RuleForm):
    """The present owners are chosen already; `choices` are those who may own, with how many customers they have."""

    owner = TypedChoice(label=_("Owner"), required=True)
    co_owners = Several(label=_("Co-owners"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = TypedText(label=_("Reason"), required=True, widget=forms.TextInput({"maxlength": 200}))

    def __init__(self, data=None, *, present, eligible, **options):
        initial = {
            "owner": next((row.owner.username for row in present if row.is_primary), ""),
            "co_owners": [row.owner.username for row in present if not row.is_primary],
        }
        super().__init__(data, initial=initial, **options)
        words = {row.owner.username: _holder(row.owner.name, row.position) for row in present}
        words |= {each.staff.username: words_of(each) for each in eligible}
        self.fields["owner"].choices = [("", _("Please choose")), *words.items()]
        self.fields["co_owners"].choices = list(words.items())


def _holder(name: str, position: str) -> str:
    return f"{name} · {Position(position).label}"


def words_of(each) -> str:
    load = _("%(number)s customers now") % {"number": each.load}
    return f"{_holder(each.staff.name, each.position)} · {load}"
