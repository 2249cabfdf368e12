"""What the crispy pack `tellerdesk` asks of a bound field; pages use the pack and not these filters."""

from dataclasses import dataclass

from django import forms, template

register = template.Library()


@dataclass(frozen=True)
class Fault:
    """One line of the error summary; `target` is the id of the control it leads to, empty for the whole form."""

    target: str
    label: str
    message: str


@register.filter
def shape(field) -> str:
    """Which markup a field wants: `check`, `choices` or `line`."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "line"


@register.filter
def control(field, classes: str = "") -> str:
    """The widget with our classes. At the counter the browser offers nothing the last customer typed."""
    attrs = {"class": " ".join(filter(None, (_class_of(field), field.field.widget.attrs.get("class"), classes)))}
    if "autocomplete" not in field.field.widget.attrs:
        attrs["autocomplete"] = "off"
    if isinstance(field.field.widget, forms.DateInput):
        field.field.widget.format = "%Y-%m-%d"
        attrs |= {"inputmode": "numeric", "placeholder": "YYYY-MM-DD", "maxlength": 10}
    return field.as_widget(attrs=attrs | _given(field, "inputmode", "placeholder", "maxlength"))


@register.filter
def is_wide(field) -> bool:
    return isinstance(field.field.widget, forms.Textarea)


@register.filter
def is_exclusive(field) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def first_control(field) -> str:
    """The id that a label or an error line leads to: a group of choices has none of its own."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label


@register.filter
def faults(form) -> list[Fault]:
    found = [Fault("", "", message) for message in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else first_control(field)
        found += [Fault(target, field.label, message) for message in field.errors]
    return found


def _class_of(field) -> str:
    if shape(field) != "line":
        return ""
    return "input input--filled" if field.field.widget.attrs.get("readonly") else "input"


def _given(field, *names) -> dict:
    return {name: value for name, value in field.field.widget.attrs.items() if name in names}
