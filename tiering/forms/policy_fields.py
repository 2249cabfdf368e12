"""What is typed of a policy: limits in ten thousands with up to six decimals, which are whole fen."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from customers.forms.typed import TypedText
from customers.messages import message
from customers.rules.normalise import without_surrogates
from customers.rules.texts import clean_text, line_problem
from tellerdesk.staff.enums import Position
from tiering.enums import BANDED, Tier
from tiering.messages import MONEY_MESSAGES
from tiering.rules.money import parse_fen
from tiering.rules.policy_draft import OWNING_POSITIONS

MOST_DIGITS = 6
REQUIRED = _("Please fill this in.")


class TenThousands(forms.CharField):
    """Whole fen from what was typed in 万元: `20`, `1,234.5`, full-width digits too."""

    def clean(self, value):
        text = unicodedata.normalize("NFKC", str(value or "")[:100]).replace(",", "").strip()
        if not text:
            raise ValidationError(REQUIRED, code="required")
        fen = parse_fen(f"{text}e4")
        if isinstance(fen, str) or fen < 0:
            code = fen if isinstance(fen, str) else "out_of_range"
            raise ValidationError(MONEY_MESSAGES[code], code=code)
        return fen


class Whole(forms.CharField):
    def __init__(self, *, blank: bool = False, **options):
        self.blank = blank
        super().__init__(**options)

    def clean(self, value):
        text = unicodedata.normalize("NFKC", str(value or "")[:100]).strip()
        if not text and self.blank:
            return None
        if not text:
            raise ValidationError(REQUIRED, code="required")
        if len(text) > MOST_DIGITS or not (text.isascii() and text.isdecimal()):
            raise ValidationError(_("Please enter a whole number."), code="invalid")
        return int(text)


class Line(TypedText):
    """One line that a column takes."""

    def clean(self, value):
        text = clean_text(super().clean(value))
        problem = line_problem(text)
        if problem:
            raise ValidationError(message(problem), code=problem)
        return text


class Boxes(forms.MultipleChoiceField):
    """Whether each may be chosen is the rule's matter."""

    def clean(self, value):
        return tuple(without_surrogates(each) for each in self.to_python(value))


def closed(inclusive: str, exclusive: str) -> forms.TypedChoiceField:
    choices = (
        ("true", format_lazy("{} {}", inclusive, _("included"))),
        ("false", format_lazy("{} {}", exclusive, _("excluded"))),
    )
    return forms.TypedChoiceField(
        choices=choices, required=False, coerce=lambda value: value == "true", empty_value=False
    )


def band_fields(tier: Tier) -> dict[str, forms.Field]:
    """The highest has no ceiling to be typed."""
    label = {"tier": tier.label}
    positions = [(code, Position(code).label) for code in OWNING_POSITIONS]
    fields = {
        "floor": TenThousands(label=_("Floor of %(tier)s") % label),
        "floor_inclusive": closed("≥", ">"),
        "ceiling": TenThousands(label=_("Ceiling of %(tier)s") % label),
        "ceiling_inclusive": closed("≤", "<"),
        "max_age": Whole(label=_("Highest age in %(tier)s") % label, blank=True),
        "max_age_inclusive": closed("≤", "<"),
        "positions": Boxes(
            label=_("Owners of %(tier)s") % label,
            choices=positions,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        "positions_needed": Whole(label=_("Owners needed in %(tier)s") % label),
    }
    if tier == BANDED[0]:
        del fields["ceiling"], fields["ceiling_inclusive"]
    return {f"{tier.code}_{name}": field for name, field in fields.items()}
