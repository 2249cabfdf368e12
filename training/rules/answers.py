"""What a person or a program sent as answers, read into what was meant, or the reasons why it cannot be read."""

from dataclasses import dataclass
from types import MappingProxyType

from training.enums import Kind

MOST_ERRORS = 50
LONGEST_NAME = 40


@dataclass(frozen=True)
class Choices:
    """What may be chosen in one question of an attempt: `keys` maps an option's id to its key."""

    kind: str
    keys: MappingProxyType | dict[str, str]


@dataclass(frozen=True)
class Answers:
    """`chosen` by question id in the keys of the bank; `faults` by question, as codes."""

    chosen: dict[str, list[str]]
    faults: dict[str, str]


def parse(sent, offered: dict[str, Choices]) -> Answers:
    """`sent` is `{question id: [option id, …]}` of any shape at all; `offered` what the attempt holds.

    An empty list is no answer and no fault. Codes: `not_an_object unknown_question not_a_list unknown_option
    repeated_option one_option_only`; the fault of the whole stands under "".
    """
    if not isinstance(sent, dict):
        return Answers({}, {"": "not_an_object"})
    chosen, faults = {}, {}
    for question, options in sent.items():
        fault = _fault(options, offered.get(question))
        if fault is None:
            chosen[question] = sorted(offered[question].keys[each] for each in options)
        elif len(faults) < MOST_ERRORS:
            faults[str(question)[:LONGEST_NAME]] = fault
    return Answers(chosen, faults)


def _fault(options, choices: Choices | None) -> str | None:
    if choices is None:
        return "unknown_question"
    if not isinstance(options, list):
        return "not_a_list"
    if any(not isinstance(each, str) or each not in choices.keys for each in options):
        return "unknown_option"
    if len(set(options)) < len(options):
        return "repeated_option"
    if len(options) > 1 and choices.kind != Kind.MULTIPLE:
        return "one_option_only"
    return None
