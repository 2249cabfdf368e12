"""Events as sentences. Each app registers its actions, and what the codes in `detail` mean, from AppConfig.ready."""

from collections.abc import Callable

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str] = {}
LABELS: dict[str, dict] = {"actor": {"system": gettext_lazy("The system")}}
FIELDS: dict[tuple[str, str], str] = {}
SHOWN: dict[tuple[str, str], Callable[[str], str]] = {}
NOTHING = "—"


def register(sentences: dict, *, labels: dict | None = None) -> None:
    """`sentences`: action -> lazy text with %(actor)s, %(subject)s, %(key)s of `detail`; `labels`: key -> choices."""
    SENTENCES.update(sentences)
    for key, choices in (labels or {}).items():
        LABELS.setdefault(key, {}).update(dict(choices))


def register_fields(subject_type: str, *, labels: dict, shown: dict) -> None:
    """Of the changes of a record: words for fields its model does not have, and how values are shown to others.

    `labels`: field -> lazy text; `shown`: field -> function of the stored value, which masks what lists mask.
    """
    FIELDS.update({(subject_type, field): label for field, label in labels.items()})
    SHOWN.update({(subject_type, field): function for field, function in shown.items()})


def sentence(event) -> str:
    """The event in the reader's language; an action nobody registered is shown by its name, never an error."""
    text = SENTENCES.get(event.action)
    values = _Readable({**event.detail, "actor": event.actor_name, "subject": event.subject_label})
    return str(text) % values if text else f"{values['actor']} {event.action} {event.subject_label}"


def actor_name(name: str) -> str:
    return str(LABELS["actor"].get(name, name))


def field_label(subject_type: str, field: str) -> str:
    """What the record's own model calls the field, or whoever registered it; else its bare name."""
    if (subject_type, field) in FIELDS:
        return str(FIELDS[subject_type, field])
    found = _field(subject_type, field)
    return str(getattr(found, "verbose_name", field) if found else field)


def readable(subject_type: str, field: str, value) -> str:
    """A stored value in words: choices by their label, yes and no, a dash for nothing."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, dict):
        return str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _("; ").join(readable(subject_type, field, each) for each in value)
    if (subject_type, field) in SHOWN:
        return SHOWN[subject_type, field](value)
    choices = dict(getattr(_field(subject_type, field), "flatchoices", ()))
    return str(choices.get(value, LABELS.get(field, {}).get(value, value)))


def _field(subject_type: str, field: str):
    try:
        return apps.get_model(subject_type)._meta.get_field(field)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


class _Readable(dict):
    """Fills a sentence: a key the event does not carry is a dash, a code its label."""

    def __getitem__(self, key):
        value = self.get(key)
        if isinstance(value, list):
            return _("; ").join(self._word(key, each) for each in value)
        return self._word(key, value)

    @staticmethod
    def _word(key, value):
        if isinstance(value, dict | list):
            return str(value)
        return str(LABELS.get(key, {}).get(value, value)) if value not in (None, "") else NOTHING
