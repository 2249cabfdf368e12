"""Fields that take what was typed as it is: what is wrong with it is said by the rules, in one voice with the API."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers import messages
from customers.rules.normalise import without_surrogates

LOOSE_DATE = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?", re.ASCII)
NOTHING_CHOSEN = ("", "")


class TypedText(forms.CharField):
    """`required` only draws the star and tells enter.js; the rules ask for the value."""

    def __init__(self, **options):
        super().__init__(**{"strip": False, "required": False, **options})

    def clean(self, value):
        return without_surrogates(self.to_python(value))


class TypedChoice(forms.ChoiceField):
    def __init__(self, **options):
        super().__init__(**{"required": False, **options})

    def clean(self, value):
        return without_surrogates(self.to_python(value))


class TypedDate(forms.DateField):
    """`2019-05-20`, `20190520`, `2019.5.20`, as a reader or a hurried hand writes it."""

    default_error_messages = {"invalid": _("Please enter a day that exists, such as 2026-11-24.")}

    def __init__(self, **options):
        super().__init__(**{"required": False, "widget": forms.DateInput(format="%Y-%m-%d"), **options})

    def to_python(self, value):
        text = "".join(str(value).split()) if value else ""
        return parse_loose_date(text) if text else None

    def clean(self, value):
        return self.to_python(value)


class ThreeWay(forms.TypedChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **options):
        super().__init__(
            **{
                "required": False,
                "empty_value": None,
                "coerce": lambda value: value == "true",
                "widget": forms.RadioSelect,
                **options,
            }
        )


def parse_loose_date(text: str) -> date:
    """ValidationError for what is no day."""
    found = LOOSE_DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups()))
    except (AttributeError, ValueError) as error:
        raise ValidationError(TypedDate.default_error_messages["invalid"], code="invalid") from error


def select(choices, *, empty: bool = True, **options) -> TypedChoice:
    rows = [NOTHING_CHOSEN, *choices.choices] if empty else choices.choices
    return TypedChoice(choices=rows, **options)


class RuleForm(forms.Form):
    """Takes the refusals of services as its own errors: `agent.name` belongs to the field `agent_name`."""

    def add_refusal(self, errors: dict) -> None:
        """A field that could not be read has said so already; that it is empty then is no news."""
        unreadable = set(self.errors)
        for name, found in errors.items():
            field = name.replace(".", "_")
            if field in unreadable:
                continue
            for code, message in found:
                self.add_error(field if field in self.fields else None, ValidationError(message, code=code))

    def say_blank(self, *names) -> None:
        """Everything among these that was left out, at once: a service may stop at the first that it comes upon."""
        for name in names:
            if name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
                code = "not_in_list" if isinstance(self.fields[name], TypedChoice) else "required"
                self.add_error(name, ValidationError(messages.message(code), code="required"))

    def typed(self, names) -> dict:
        """What these fields hold; one that could not be read counts as empty."""
        return {name: self.cleaned_data.get(name, self._nothing(name)) for name in names}

    def _nothing(self, name):
        return None if isinstance(self.fields[name], TypedDate) else ""
