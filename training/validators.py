"""What the rules refuse, in words: for forms and API alike."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tellerdesk.core.errors import FieldErrors
from training.rules import question_shape

ANSWER_FAULTS = {
    "not_an_object": _("The answers must be an object of question and chosen options."),
    "unknown_question": _("There is no such question in this attempt."),
    "not_a_list": _("The answer must be a list of option ids."),
    "unknown_option": _("There is no such option in this question."),
    "repeated_option": _("The same option is given twice."),
    "one_option_only": _("Only one option may be chosen here."),
}
QUESTION_FAULTS = {
    "empty": _("This must not be blank."),
    "empty_option": _("Every option needs a Chinese text."),
    "number_of_options": _("A question needs two to eight options."),
    "repeated_option": _("Two options are the same."),
    "true_and_false_only": _("A true-or-false question has exactly these two options."),
    "no_key": _("Say which answer is right."),
    "key_without_option": _("The right answer must be one of the options."),
    "multiple_needs_two": _("A multiple-choice question needs at least two right options; else make it single choice."),
    "one_key_only": _("Only one option can be right here."),
}


def refuse_answers(faults: dict[str, str]) -> None:
    """Raises FieldErrors naming `answers` or `answers.<question>`."""
    if faults:
        raise FieldErrors(
            {
                f"answers.{question}" if question else "answers": [(code, ANSWER_FAULTS[code])]
                for question, code in faults.items()
            }
        )


def refuse_question(**shape) -> None:
    """Raises FieldErrors naming `stem_zh`, `options` or `answer_key`."""
    errors = {}
    for field, code in question_shape.faults(**shape):
        errors.setdefault(field, []).append((code, QUESTION_FAULTS[code]))
    if errors:
        raise FieldErrors(errors)


def no_control_characters(text: str) -> None:
    """PostgreSQL keeps no NUL, and no reader wants the others."""
    if any(ord(each) < 32 and each not in "\n\r\t" for each in text):
        raise ValidationError(_("The text contains characters that cannot be kept."), code="control_character")
