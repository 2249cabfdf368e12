"""What is said of merges and of likely duplicates: on pages, in the audit, by the interface."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tellerdesk.audit import sentences

WARNINGS = {
    "birth_date_differs": _("The birth dates differ: compare both documents before they become one person."),
    "sex_differs": _("The sexes differ: compare both documents before they become one person."),
    "name_differs": _("The names differ: see the proof of the change of name."),
    "document_disagrees": _("Name, birth date or sex as chosen are not those of the document that stays primary."),
    "suspension_stays": _("One of the two is suspended; the surviving number will be suspended."),
}
# {place} is the place of a character, from 1.
GROUNDS = {
    "same_name_birth_sex": _("Same name, birth date and sex"),
    "other_paper": _("documents of different types"),
    "same_mobile": _("same mobile phone"),
    "same_address": _("same residence"),
    "number_digit": _("Document numbers differ in one digit, the one at place {place}"),
    "number_swap": _("In the document numbers the digits at places {place} and {following} are exchanged"),
    "paper_character": _("Document numbers differ in one character, the one at place {place}"),
    "paper_swap": _("In the document numbers the characters at places {place} and {following} are exchanged"),
    "birth_digit": _("Same name and sex, birth dates differ in one digit"),
    "birth_swap": _("Same name and sex, two digits of the birth date are exchanged"),
    "near_name": _("Same mobile phone and birth date, names differ in one character"),
}
SENTENCES = {
    "customers.merge_requested": _("%(actor)s asks to merge %(absorbed)s into %(subject)s: %(reason)s"),
    "customers.merge_approved": _("%(actor)s approved a merge into %(subject)s, asked for by %(maker)s"),
    "customers.merge_rejected": _("%(actor)s returned a merge into %(subject)s asked for by %(maker)s: %(reason)s"),
    "customers.merge_undo_requested": _(
        "%(actor)s asks to undo the merge of %(absorbed)s into %(subject)s: %(reason)s"
    ),
    "customers.merge_undo_approved": _("%(actor)s approved undoing a merge into %(subject)s, asked for by %(maker)s"),
    "customers.merge_undo_rejected": _(
        "%(actor)s returned the undoing of a merge into %(subject)s asked for by %(maker)s: %(reason)s"
    ),
    "customers.merge_undo_kept": _("After the undoing %(fields)s of %(subject)s stayed, being changed since the merge"),
    "customers.duplicates_sought": _("%(actor)s started a search for duplicates"),
    "customers.duplicates_found": _(
        "The search for duplicates read %(customers)s customers: %(pairs)s pairs, %(new)s of them new, %(gone)s gone"
    ),
    "customers.duplicates_failed": _("The search for duplicates ended without effect"),
    "customers.duplicate_dismissed": _("%(actor)s found %(subject)s to be two persons: %(reason)s"),
    "customers.duplicates_exported": _("%(actor)s exported %(rows)s likely duplicates: %(filter)s"),
}
SEPARATOR = pgettext_lazy("between grounds", "; ")


def register() -> None:
    sentences.register(SENTENCES)


def ground_words(ground: str) -> str:
    """Of a code with its place, such as `number_digit:15`."""
    code, _colon, place = ground.partition(":")
    following = int(place) + 1 if place.isdigit() else ""
    return str(GROUNDS.get(code, code)).format(place=place, following=following)


def grounds_words(grounds: list[str]) -> str:
    return str(SEPARATOR).join(ground_words(each) for each in grounds)
