from django import forms
from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import FieldErrors
from tellerdesk.staff.models import Staff
from training.enums import Kind, Unlockable
from training.models import Course
from training.rules.question_shape import FALSE, TRUE
from training.validators import no_control_characters

LETTERS = "ABCDEFGH"
SENTENCE, PARAGRAPH, PAGE = 300, 2000, 60000


class LinesField(forms.CharField):
    """Lines as we keep them: a browser sends CRLF, and what was not touched must not look changed."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


def text(label, *, longest=PARAGRAPH, rows=2, required=False, **more):
    widget = forms.Textarea(attrs={"rows": rows})
    return LinesField(
        label=label, max_length=longest, required=required, widget=widget, validators=[no_control_characters], **more
    )


class CourseForm(forms.ModelForm):
    """Course and what it unlocks; the service writes, this only reads."""

    material_zh = text(_("Material (Chinese)"), longest=PAGE, rows=18, required=True, strip=False)
    material_en = text(_("Material (English)"), longest=PAGE, rows=12, strip=False)
    unlocks = forms.MultipleChoiceField(
        label=_("Unlocks"), choices=Unlockable.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Course
        fields = [
            "title_zh",
            "title_en",
            "pass_mark",
            "minutes",
            "valid_months",
            "shuffles_options",
            "is_open",
            "material_zh",
            "material_en",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unlocks"].initial = list(
            self.instance.courseunlock_set.in_force().values_list("permission", flat=True)
        )
        self.fields["minutes"].help_text = _("Left empty: no limit.")
        self.fields["material_zh"].help_text = _(
            "“## ” begins a section, “- ” a list entry, an empty line a paragraph."
        )

    @property
    def course_fields(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class QuestionForm(forms.Form):
    """One row of fields per option; the kind decides how many there are and stays with the question."""

    stem_zh = text(_("Question (Chinese)"), longest=SENTENCE, required=True)
    stem_en = text(_("Question (English)"), longest=2 * SENTENCE)
    explanation_zh = text(_("Explanation (Chinese)"))
    explanation_en = text(_("Explanation (English)"))
    section = forms.IntegerField(label=_("Explained in section"), required=False, min_value=1, max_value=99)
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=30000)

    def __init__(self, *args, kind: str, options=(), answer_key=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = Kind(kind)
        self.keys = [TRUE, FALSE] if kind == Kind.TRUE_FALSE else list(LETTERS[: max(6, len(options))])
        known = {option["key"]: option for option in options}
        for key in self.keys:
            self._add_option(key, known.get(key), key in answer_key)

    def _add_option(self, key, known, is_right) -> None:
        zh, en = (known["zh"], known["en"]) if known else self._usual(key)
        self.fields[f"zh_{key}"] = forms.CharField(
            label=_("Option %(key)s (Chinese)") % {"key": key},
            max_length=SENTENCE,
            required=False,
            initial=zh,
            validators=[no_control_characters],
        )
        self.fields[f"en_{key}"] = forms.CharField(
            label=_("Option %(key)s (English)") % {"key": key},
            max_length=SENTENCE,
            required=False,
            initial=en,
            validators=[no_control_characters],
        )
        self.fields[f"right_{key}"] = forms.BooleanField(
            label=_("Option %(key)s is right") % {"key": key}, required=False, initial=is_right
        )

    def _usual(self, key) -> tuple[str, str]:
        return (
            {TRUE: ("正确", "True"), FALSE: ("错误", "False")}.get(key, ("", ""))
            if self.kind == Kind.TRUE_FALSE
            else ("", "")
        )

    @property
    def option_rows(self) -> list[dict]:
        return [
            {"key": key, "zh": self[f"zh_{key}"], "en": self[f"en_{key}"], "right": self[f"right_{key}"]}
            for key in self.keys
        ]

    @property
    def shape(self) -> dict:
        """What the services take; rows without any text are left out."""
        given = self.cleaned_data
        options = [{"key": key, "zh": given[f"zh_{key}"], "en": given[f"en_{key}"]} for key in self.keys]
        texts = {name: given[name] for name in ("stem_zh", "stem_en", "explanation_zh", "explanation_en", "section")}
        return texts | {
            "kind": str(self.kind),
            "options": [option for option in options if option["zh"] or option["en"]],
            "answer_key": [key for key in self.keys if given[f"right_{key}"]],
        }

    def take(self, refusal: FieldErrors) -> None:
        """Shows what the rule refused; faults of options and key belong to the table, not to one field."""
        for field, found in refusal.errors.items():
            for _code, message in found:
                self.add_error(field if field in self.fields else None, str(message))


class ResultFilterForm(forms.Form):
    course = forms.ModelChoiceField(
        label=_("Course"), queryset=Course.objects.all(), to_field_name="code", required=False, empty_label=_("All")
    )
    passed = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("All")), ("yes", _("Passed")), ("no", _("Not passed"))]
    )


class TimeAllowanceForm(forms.Form):
    username = forms.CharField(label=_("Username"), max_length=30)
    percent = forms.IntegerField(label=_("Extra time in percent"), min_value=0, max_value=900, initial=25)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_username(self) -> Staff:
        staff = (
            Staff.objects.of_entity_of(self.by).filter(username=self.cleaned_data["username"], is_active=True).first()
        )
        if staff is None:
            raise forms.ValidationError(_("There is no such member of staff."), code="unknown_staff")
        return staff
